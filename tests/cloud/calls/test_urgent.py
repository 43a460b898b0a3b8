"""The duty officer: urgent calls ring there, and the board knows (V11)."""

import pytest
from django.test import Client
from django.utils import timezone

from cloud.calls import sweep
from cloud.calls.models import Call, CallSettings
from cloud.calls.state import state
from cloud.help import board
from cloud.help.device_events import handle
from cloud.help.models import HelpRequest
from cloud.organisations.models import Organisation
from cloud.people.models import Contact
from cloud.screens.models import ResidentView
from device.contract.events import CallAnswered, CallConnected, CallEnded, UrgentCallRequested
from tests.cloud.calls.callers import ANSWER, OFFER, Caller, command_bodies, says
from tests.cloud.homes import Home, make_home
from tests.cloud.test_help_board import event

pytestmark = pytest.mark.requirement("V11")


@pytest.fixture
def officer(home: Home) -> Caller:
    """A nurse on duty, at an open page, who knows none of the residents."""
    HelpRequest.objects.all().delete()
    contact = Contact.objects.create(
        organisation=home.organisation, first_name="Anna", last_name="Salo", role="professional"
    )
    CallSettings.objects.create(organisation=home.organisation, duty_officer=contact)
    return Caller(contact).enter().open()


def wish(home: Home, request_id: str = "w1") -> None:
    """The resident presses the urgent button."""
    handle(home.device, event(UrgentCallRequested(request_id=request_id)))
    says(home.device, UrgentCallRequested(request_id=request_id))


def answer(officer: Caller) -> int:
    return int(officer.post("answer", page=officer.page, call="w1", offer=OFFER).status_code)


def test_it_rings_at_the_officer_and_on_the_board(home: Home, officer: Caller, desk: Client) -> None:
    """By the id of the wish; the board keeps ringing until somebody has it."""
    wish(home)
    (incoming,) = state(officer.link, officer.page)["incoming"]
    assert (incoming["id"], incoming["urgent"]) == ("w1", True)
    assert "data-untaken" in desk.get("/help/count/").content.decode()


def test_taken_at_the_page_is_taken_on_the_board(home: Home, officer: Caller, desk: Client) -> None:
    """The device learns who it is, then gets the call; the board names the officer."""
    wish(home)
    assert answer(officer) == 200
    kinds = list(home.device.commands.order_by("issued_at", "pk").values_list("body__kind", flat=True))
    assert kinds == ["update-help", "connect-call"]
    assert command_bodies(home.device, "update-help")[0] == {
        "kind": "update-help", "help_id": "w1", "stage": "taken", "by": "Anna", "number": 1,
    }  # fmt: skip
    page = desk.get("/help/requests/").content.decode()
    assert "Anna Salo answers the call." in page
    assert "Anna Salo is on the way" in page


def test_the_wish_is_closed_by_a_call_that_was_held(home: Home, officer: Caller) -> None:
    """A call that broke off leaves it open for the nurse."""
    wish(home)
    answer(officer)
    says(home.device, CallAnswered(call_id="w1", answer=ANSWER))
    says(home.device, CallConnected(call_id="w1"))
    says(home.device, CallEnded(call_id="w1", why="resident", seconds=60))
    assert HelpRequest.objects.get(help_id="w1").closed_at


def test_a_call_that_breaks_off_leaves_the_wish_on_the_board(home: Home, officer: Caller) -> None:
    """It is assigned, but not closed."""
    wish(home)
    answer(officer)
    says(home.device, CallEnded(call_id="w1", why="gone", seconds=2))
    request = HelpRequest.objects.get(help_id="w1")
    assert request.taken_at
    assert not request.closed_at


def test_a_colleague_at_the_board_was_faster(home: Home, officer: Caller) -> None:
    """The page stops ringing; a press that comes too late takes nothing."""
    wish(home)
    board.take(HelpRequest.objects.get(help_id="w1").pk, home.user)
    assert answer(officer) == 200
    assert Call.objects.get().why == "taken"
    assert command_bodies(home.device, "connect-call") == []
    assert state(officer.link, officer.page)["incoming"] == []


def test_taken_on_the_board_stops_the_ringing(home: Home, officer: Caller) -> None:
    """In the next sweep; the device gets no message about the officer's call."""
    wish(home)
    board.take(HelpRequest.objects.get(help_id="w1").pk, home.user)
    sweep.sweep(timezone.now())
    assert state(officer.link, officer.page)["incoming"] == []
    assert command_bodies(home.device, "end-call") == []


def test_a_refusal_leaves_it_to_the_board(home: Home, officer: Caller) -> None:
    """The officer cannot come: nothing is said to the device, the board rings on."""
    wish(home)
    officer.post("refuse", call="w1")
    assert not HelpRequest.objects.get(help_id="w1").taken_at
    assert command_bodies(home.device, "end-call") == []


def test_nobody_on_duty_is_a_warning(home: Home, desk: Client) -> None:
    """On the board, as long as a resident has the button and nobody is there."""
    assert "Nobody is on duty" not in desk.get("/help/warnings/").content.decode()
    ResidentView.objects.update(urgent_call=True)
    assert "Nobody is on duty at Lehmus home" in desk.get("/help/warnings/").content.decode()
    wish(home)
    assert not Call.objects.exists()


def test_set_and_unset_at_the_desk(home: Home, desk: Client) -> None:
    """One of the professionals; the warning goes once their page is open."""
    ResidentView.objects.update(urgent_call=True)
    anna = Contact.objects.create(
        organisation=home.organisation, first_name="Anna", last_name="Salo", role="professional"
    )
    where = f"/calls/duty/{home.organisation.pk}/"
    desk.post(where, {"duty_officer": home.contact.pk, "limit_min": "30"})
    assert not CallSettings.objects.exists(), "a relative is nobody's duty officer"
    desk.post(where, {"duty_officer": anna.pk, "limit_min": "20"})
    assert CallSettings.objects.get().on_duty_since
    assert "their page for calls is not open" in desk.get("/help/warnings/").content.decode()
    assert home.device.documents.get(name="policy").body["call_limit_min"] == 20
    Caller(anna).enter().open()
    assert "on duty" not in desk.get("/help/warnings/").content.decode()
    desk.post(where, {"duty_officer": "", "limit_min": "20"})
    assert CallSettings.objects.get().duty_officer is None


def test_the_officer_of_the_organisation_above(home: Home, officer: Caller) -> None:
    """A home without one of its own rings at the host's, never at a neighbour's."""
    below = make_home("Alla", parent=home.organisation)
    beside = make_home("Vieras")
    for each in (below, beside):
        HelpRequest.objects.filter(device=each.device).delete()
        wish(each, f"w-{each.mark}")
    assert [call.pk for call in Call.objects.all()] == ["w-Alla"]


def test_a_locked_officer_is_none(home: Home, officer: Caller) -> None:
    """Locked or gone: nobody is on duty."""
    Contact.objects.filter(pk=officer.contact.pk).update(locked=True)
    wish(home)
    assert not Call.objects.exists()
    assert Organisation.objects.exists()
