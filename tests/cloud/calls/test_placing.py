"""A contact calls: the device rings, and both ends know how it goes on."""

from typing import Any

import pytest
from django.utils import timezone

from cloud.calls.models import Call, CallSettings
from cloud.calls.state import state
from cloud.devices.models import Device, DeviceCommand, DeviceEvent
from cloud.link.events import keep_events, read_event
from cloud.link.reports import keep_answer
from cloud.people.models import CareSettings, Contact, Relation
from device.contract import topics
from device.contract.commands import Answer
from device.contract.events import CallAnswered, CallConnected, CallDeclined, CallEnded, CallMissed
from device.contract.wire import seal, unseal
from tests.cloud.calls.callers import ANSWER, OFFER, Caller, command_bodies, newest, says
from tests.cloud.homes import Home, make_home
from tests.cloud.test_help_board import event

ADDRESS = "192.0.2.1"


def seen(caller: Caller) -> dict[str, Any]:
    """What the page shows of its one call."""
    (call,) = state(caller.link, caller.page)["calls"]
    assert isinstance(call, dict)
    return call


def test_the_device_rings_with_what_the_desk_knows(caller: Caller, home: Home) -> None:
    """Name and limit are the desk's, whatever the browser adds."""
    CareSettings.objects.update(call_limit_min=7)
    caller.call(home, name="The King", role="professional", limit_min=240, contact_id="1")
    (ring,) = command_bodies(home.device, "ring")
    assert ring == {
        "kind": "ring",
        "call_id": newest().pk,
        "contact_id": str(home.contact.pk),
        "name": "Lehmus Relative",
        "offer": OFFER,
        "ice_servers": [],
        "limit_min": 7,
        "answers_help": False,
        "replaces": None,
    }
    command = DeviceCommand.objects.get(body__kind="ring")
    assert round((command.expires_at - command.issued_at).total_seconds()) == 45


def connected(caller: Caller, home: Home) -> Call:
    caller.call(home)
    call = newest()
    says(home.device, CallAnswered(call_id=call.pk, answer=ANSWER))
    says(home.device, CallConnected(call_id=call.pk))
    return call


@pytest.mark.parametrize("is_known_here", [False, True])
def test_a_call_that_broke_off_is_dialled_again_in_its_place(
    caller: Caller, home: Home, is_known_here: bool
) -> None:
    """Whether the desk has heard of the end or not, the device gets the id of the call it replaces."""
    first = connected(caller, home)
    if is_known_here:
        says(home.device, CallEnded(call_id=first.pk, why="gone", seconds=3.0))
    assert caller.call(home, again=first.pk).status_code == 200
    first.refresh_from_db()
    assert (first.state, first.why) == ("ended", "gone")
    assert [ring["replaces"] for ring in command_bodies(home.device, "ring")] == [None, first.pk]


@pytest.mark.parametrize("how", ["hung up", "not answered", "long ago", "of another page", "forced"])
def test_no_other_call_is_replaced(caller: Caller, home: Home, how: str) -> None:
    """It rings as any call does."""
    first = connected(caller, home)
    match how:
        case "hung up":
            caller.hangs_up(first)
        case "not answered":
            Call.objects.update(connected_at=None)
        case "long ago":
            says(home.device, CallEnded(call_id=first.pk, why="gone", seconds=3.0))
            Call.objects.update(ended_at="2026-01-01T00:00:00Z")
        case "of another page":
            Call.objects.update(page="other")
        case _:
            Call.objects.update(kind=Call.Kind.FORCED)
    caller.call(home, again=first.pk)
    assert command_bodies(home.device, "ring")[-1]["replaces"] is None


@pytest.mark.requirement("V21")
def test_the_limit_is_the_residents_or_that_of_the_nearest_organisation(caller: Caller, home: Home) -> None:
    """Set above, it holds below; set here, it holds here."""
    home.organisation.parent = make_home("Ylä").organisation
    home.organisation.save()
    home.organisation.path = f"{home.organisation.parent.path}{home.organisation.pk}/"
    type(home.organisation).objects.filter(pk=home.organisation.pk).update(path=home.organisation.path)
    CallSettings.objects.create(organisation=home.organisation.parent, limit_min=20)
    caller.call(home)
    CallSettings.objects.create(organisation=home.organisation, limit_min=10)
    caller.call(home)
    assert [body["limit_min"] for body in command_bodies(home.device, "ring")] == [20, 10]


def test_an_answer_reaches_the_page_that_called(caller: Caller, home: Home) -> None:
    """With the device's description; another page of the same person learns only that there is a call."""
    caller.call(home)
    call = newest()
    assert (seen(caller)["state"], seen(caller)["answer"]) == ("ringing", "")
    says(home.device, CallAnswered(call_id=call.pk, answer=ANSWER))
    assert (seen(caller)["state"], seen(caller)["answer"]) == ("answered", ANSWER)
    (elsewhere,) = state(caller.link, "another-page")["calls"]
    assert (elsewhere["here"], elsewhere["answer"]) == (False, "")
    says(home.device, CallConnected(call_id=call.pk))
    assert seen(caller)["state"] == "connected"
    assert seen(caller)["ends_at"]
    says(home.device, CallEnded(call_id=call.pk, why="resident", seconds=12.5))
    assert seen(caller)["words"] == "Lehmus Virtanen has hung up."
    call.refresh_from_db()
    assert (call.seconds, call.answer, call.why) == (12.5, "", "resident")


@pytest.mark.parametrize(
    ("why", "words"),
    [
        ("refused", "Lehmus Virtanen does not want to talk just now."),
        ("busy", "Lehmus Virtanen is in another call. Please try again in a while."),
        (
            "help",
            "Lehmus Virtanen has asked for help just now, and a nurse has been told. Please call later.",
        ),
        ("no-media", "The screen of Lehmus Virtanen cannot make calls just now. The care desk knows more."),
    ],
)
def test_a_refusal_is_said_in_plain_words(caller: Caller, home: Home, why: Any, words: str) -> None:
    """Why it was not taken, and what to do."""
    caller.call(home)
    says(home.device, CallDeclined(call_id=newest().pk, why=why))
    assert seen(caller)["words"] == words


def test_help_in_a_call_is_said_as_that(caller: Caller, home: Home) -> None:
    """The caller learns why the resident is gone."""
    caller.call(home)
    says(home.device, CallAnswered(call_id=newest().pk, answer=ANSWER))
    says(home.device, CallEnded(call_id=newest().pk, why="help", seconds=3))
    assert "has asked for help, and a nurse has been told" in seen(caller)["words"]


def test_nobody_answers(caller: Caller, home: Home) -> None:
    """The call was not answered at the device."""
    caller.call(home)
    says(home.device, CallMissed(call_id=newest().pk))
    assert seen(caller)["words"] == "Lehmus Virtanen did not answer."
    assert command_bodies(home.device, "end-call") == []


def test_a_device_that_is_not_there_is_not_reachable_at_once(caller: Caller, home: Home) -> None:
    """Nothing is sent that would ring later; the call is in the log."""
    Device.objects.update(online=False)
    caller.call(home)
    assert (newest().state, newest().why) == ("ended", "not-reachable")
    assert command_bodies(home.device, "ring") == []
    assert "no connection" in seen(caller)["words"]


@pytest.mark.requirement("V9")
def test_a_device_out_of_use_never_rings(caller: Caller, home: Home) -> None:
    """In stock or in repair."""
    Device.objects.update(use=Device.Use.IN_STOCK)
    caller.call(home)
    assert newest().why == "not-in-use"
    assert command_bodies(home.device, "ring") == []


def test_hanging_up_while_it_rings_takes_the_invitation_back(caller: Caller, home: Home) -> None:
    """What has not arrived yet does not ring any more."""
    caller.call(home)
    caller.hangs_up(newest())
    assert [body["why"] for body in command_bodies(home.device, "end-call")] == ["hung-up"]
    assert DeviceCommand.objects.get(body__kind="ring").final


@pytest.mark.parametrize("way", ["answered", "taken back"])
def test_where_both_were_in_the_network_is_forgotten(caller: Caller, home: Home, way: str) -> None:
    """Addresses of both homes and keys of the relay serve one call: they are not kept with what was said."""
    now = timezone.now()
    caller.call(home)
    call, ring = newest(), DeviceCommand.objects.get(body__kind="ring")
    assert ADDRESS in ring.body["offer"]
    if way == "answered":
        taken = seal(event(CallAnswered(call_id=call.pk, answer=ANSWER)), topics.EVENT.type, sent_at=now)
        keep_events([read_event(home.device, taken)])
        assert ADDRESS in newest().answer
        done = seal(Answer(stage="done"), topics.ANSWER.type, sent_at=now, correlation=str(ring.pk))
        keep_answer(home.device, unseal(done, topics.ANSWER.type))
    caller.hangs_up(call)
    ring.refresh_from_db()
    assert ring.final
    kept_fields = {"kind", "call_id", "contact_id", "name", "limit_min", "answers_help", "replaces"}
    assert ring.body.keys() == kept_fields
    kept = [*DeviceCommand.objects.all(), *DeviceEvent.objects.all(), *Call.objects.all()]
    assert not any(ADDRESS in str(vars(row)) for row in kept)


def test_what_the_device_says_overrules_the_clock(caller: Caller, home: Home) -> None:
    """A command that was closed as expired and was done after all is done; nothing partial opens it again."""
    caller.call(home)
    caller.hangs_up(newest())
    ring = DeviceCommand.objects.get(body__kind="ring")
    assert (ring.stage, ring.final) == ("expired", True)
    for stage, then in (("received", "expired"), ("failed", "failed"), ("received", "failed")):
        said = seal(
            Answer(stage=stage),  # type: ignore[arg-type]
            topics.ANSWER.type,
            sent_at=timezone.now(),
            correlation=str(ring.pk),
        )
        keep_answer(home.device, unseal(said, topics.ANSWER.type))
        ring.refresh_from_db()
        assert (ring.stage, ring.final) == (then, True)


def test_an_answer_that_comes_too_late_is_hung_up(caller: Caller, home: Home) -> None:
    """The resident is not left alone in a call that is over."""
    caller.call(home)
    caller.hangs_up(newest())
    says(home.device, CallAnswered(call_id=newest().pk, answer=ANSWER))
    assert newest().state == "ended"
    assert len(command_bodies(home.device, "end-call")) == 2


@pytest.mark.requirement("V27")
def test_only_ones_own_residents_can_be_called(caller: Caller, home: Home, foreign: Home) -> None:
    """Somebody of another home does not exist for this caller, nor somebody unlinked."""
    assert caller.call(foreign).status_code == 409
    Relation.objects.all().delete()
    assert caller.call(home).status_code == 409
    assert not Call.objects.exists()
    assert state(caller.link, caller.page)["residents"] == []


@pytest.mark.requirement("V14")
def test_a_relative_hidden_from_the_resident_may_call(caller: Caller, home: Home) -> None:
    """Visibility is one way: they see the resident."""
    Relation.objects.update(visible_to_resident=False)
    caller.call(home)
    assert len(command_bodies(home.device, "ring")) == 1


@pytest.mark.requirement("V15")
def test_several_residents_at_once(caller: Caller, home: Home) -> None:
    """Each rings by itself, and the log knows that they belong together."""
    other = make_home("Rinta", parent=home.organisation)
    Relation.objects.create(resident=other.resident, contact=home.contact)
    Device.objects.update(online=True)
    assert caller.call(home, other).status_code == 200
    calls = Call.objects.all()
    assert {call.resident for call in calls} == {home.resident, other.resident}
    assert len({call.group for call in calls}) == 1


def test_several_ring_all_or_none(caller: Caller, home: Home, foreign: Home) -> None:
    """One who may not be called keeps the others from ringing unheard."""
    assert caller.call(home, foreign).status_code == 409
    assert not Call.objects.exists()
    assert command_bodies(home.device, "ring") == []


def test_a_device_speaks_only_of_its_own_calls(caller: Caller, home: Home, foreign: Home) -> None:
    """Another home's device cannot answer or end them."""
    caller.call(home)
    says(foreign.device, CallAnswered(call_id=newest().pk, answer=ANSWER))
    says(foreign.device, CallEnded(call_id=newest().pk, why="resident", seconds=1))
    assert newest().state == "ringing"


def test_a_page_ends_only_its_own_calls(caller: Caller, home: Home) -> None:
    """Somebody else who knows the id, and another page of the same person, end nothing."""
    caller.call(home)
    stranger = Caller(Contact.objects.create(organisation=home.organisation, first_name="A", last_name="B"))
    stranger.enter().hangs_up(newest())
    caller.post("end", page=stranger.page, calls=[newest().pk])
    assert newest().state == "ringing"
    assert caller.post("beat", page=caller.page, calls=[newest().pk]).json() == {"on": [newest().pk]}
    assert stranger.post("beat", page=stranger.page, calls=[newest().pk]).json() == {"on": []}


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"calls": []},
        {"calls": [{"resident": "x", "offer": OFFER}]},
        {"calls": [{"resident": 1, "offer": "nonsense"}]},
        {"calls": [{"resident": 1, "offer": OFFER}] * 7},
        {"page": "../../etc"},
    ],
)
def test_a_wrong_wish_is_refused_in_words(caller: Caller, home: Home, body: dict[str, Any]) -> None:
    """The status is 400, and nothing happens."""
    whole = {"page": caller.page, "calls": [{"resident": home.resident.pk, "offer": OFFER}]}
    answer = caller.post("place", **whole | body if body else {})
    assert answer.status_code == 400
    assert answer.json()["words"]
    assert not Call.objects.exists()


def test_a_megabyte_is_refused(caller: Caller, home: Home) -> None:
    """It is refused before it is read."""
    assert caller.call(home, offer=OFFER + "a=x\r\n" * 200_000).status_code == 400


def test_nobody_calls_without_end(caller: Caller, home: Home) -> None:
    """Six at once are enough."""
    for _ in range(6):
        assert caller.call(home).status_code == 200
    answer = caller.call(home)
    assert answer.status_code == 409
    assert "too many calls" in answer.json()["words"]


def test_turn_credentials_expire(caller: Caller, home: Home, settings: Any) -> None:
    """Made for one end and a few hours, from a secret that no browser sees."""
    settings.STUN_URLS, settings.TURN_URLS = ["stun:turn.example:3478"], ["turn:turn.example:3478"]
    settings.TURN_SECRET = "north"
    servers = caller.client.get("/call/servers/").json()["iceServers"]
    assert servers[0]["urls"] == ["stun:turn.example:3478"]
    expiry, _, user = servers[1]["username"].partition(":")
    assert int(expiry) > 1_700_000_000
    assert user == f"contact-{home.contact.pk}"
    assert len(servers[1]["credential"]) == 28
    caller.call(home)
    (ring,) = command_bodies(home.device, "ring")
    assert ring["ice_servers"][1]["username"].endswith(f":{home.device.pk}")
