"""The resident calls: it rings at those who can be reached, and the first who answers has it."""

from typing import Any

import pytest

from cloud.calls.models import Call, Invitee
from cloud.calls.state import state
from cloud.people.models import Contact, Relation
from device.contract.events import CallEnded, CallPlaced
from tests.cloud.calls.callers import OFFER, Caller, command_bodies, newest, says
from tests.cloud.homes import Home


@pytest.fixture
def other(home: Home) -> Caller:
    """A second relative, at an open page."""
    contact = Contact.objects.create(organisation=home.organisation, first_name="Mikko", last_name="V")
    Relation.objects.create(resident=home.resident, contact=contact)
    return Caller(contact).enter().open()


def place(home: Home, *callers: Caller, call_id: str = "r1") -> None:
    """The resident taps these faces."""
    says(home.device, CallPlaced(call_id=call_id, contact_ids=[str(each.contact.pk) for each in callers]))


def rings_at(caller: Caller) -> list[Any]:
    """What rings at the contact's page."""
    return [each["id"] for each in state(caller.link, caller.page)["incoming"]]


def answer(caller: Caller, call_id: str = "r1") -> Any:
    """The contact presses the green button."""
    return caller.post("answer", page=caller.page, call=call_id, offer=OFFER)


def test_the_first_who_answers_has_it(home: Home, caller: Caller, other: Caller) -> None:
    """The device gets their name; the other's page stops ringing, and a late answer gets the reason."""
    place(home, caller, other)
    assert (rings_at(caller), rings_at(other)) == (["r1"], ["r1"])
    assert answer(other).status_code == 200
    (connect,) = command_bodies(home.device, "connect-call")
    assert (connect["call_id"], connect["name"], connect["contact_id"]) == (
        "r1", "Mikko V", str(other.contact.pk),
    )  # fmt: skip
    assert (rings_at(caller), rings_at(other)) == ([], [])
    late = answer(caller)
    assert (late.status_code, late.json()["words"]) == (409, "Somebody else has answered.")
    assert len(command_bodies(home.device, "connect-call")) == 1


def test_all_refuse(home: Home, caller: Caller, other: Caller) -> None:
    """The resident is notified once the last has refused."""
    place(home, caller, other)
    caller.post("refuse", call="r1")
    assert newest().state == "ringing"
    other.post("refuse", call="r1")
    assert newest().why == "refused"
    assert [body["why"] for body in command_bodies(home.device, "end-call")] == ["refused"]


def test_nobody_at_their_page_is_said_at_once(home: Home, caller: Caller, other: Caller) -> None:
    """The resident does not listen to a ring without any page."""
    caller.contact.open_pages.all().delete()
    other.contact.open_pages.all().delete()
    place(home, caller, other)
    assert [body["why"] for body in command_bodies(home.device, "end-call")] == ["not-reachable"]
    assert set(Invitee.objects.values_list("outcome", flat=True)) == {"not-reachable"}


def test_a_contact_in_a_call_is_busy(home: Home, caller: Caller, foreign: Home) -> None:
    """No second call rings into the first."""
    Relation.objects.create(resident=foreign.resident, contact=caller.contact)
    type(foreign.device).objects.update(online=True)
    caller.call(foreign)
    place(home, caller)
    assert [body["why"] for body in command_bodies(home.device, "end-call")] == ["busy"]


@pytest.mark.requirement("V14", "V8")
@pytest.mark.parametrize("how", ["hidden", "locked", "unlinked", "unknown"])
def test_it_rings_only_at_those_on_the_residents_list(home: Home, caller: Caller, how: str) -> None:
    """Whatever the device asks for."""
    if how == "hidden":
        Relation.objects.update(visible_to_resident=False)
    elif how == "locked":
        Contact.objects.update(locked=True)
    elif how == "unlinked":
        Relation.objects.all().delete()
    ids = ["999999", "x"] if how == "unknown" else [str(caller.contact.pk)]
    says(home.device, CallPlaced(call_id="r1", contact_ids=ids))
    assert not Invitee.objects.exists()
    assert [body["why"] for body in command_bodies(home.device, "end-call")] == ["not-reachable"]


def test_the_same_call_twice_is_one(home: Home, caller: Caller) -> None:
    """A repeated event, or a known id, does not ring again."""
    place(home, caller)
    says(home.device, CallEnded(call_id="r1", why="resident", seconds=0))
    place(home, caller)
    assert Call.objects.count() == 1
    assert rings_at(caller) == []
    assert answer(caller).status_code == 409


def test_a_stranger_answers_nothing(home: Home, caller: Caller, foreign: Home) -> None:
    """Knowing the id is not enough."""
    place(home, caller)
    assert answer(Caller(foreign.contact).enter()).status_code == 409
    assert answer(caller, "no-such-call").status_code == 409
    assert command_bodies(home.device, "connect-call") == []


def test_an_offer_of_nonsense_takes_no_call(home: Home, caller: Caller) -> None:
    """The call continues to ring."""
    place(home, caller)
    assert caller.post("answer", page=caller.page, call="r1", offer="x").status_code == 400
    assert rings_at(caller) == ["r1"]
