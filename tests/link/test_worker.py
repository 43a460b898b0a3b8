"""The link worker between a real broker and a real database."""

import shutil
import signal
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from unittest.mock import Mock

import msgspec
import pytest

from cloud.devices import commands, documents
from cloud.devices.models import (
    DesiredDocument,
    Device,
    DeviceCommand,
    DeviceEvent,
    DeviceFault,
    RejectedInput,
)
from cloud.devices.rejected import MOST_EACH
from cloud.help.models import HelpRequest
from cloud.link import fair_queue, ingest, outgoing
from cloud.link import lane as lane_module
from cloud.link.events import ReadEvent, keep_events
from cloud.link.worker import Worker
from cloud.organisations.models import Organisation
from cloud.people.models import Resident
from device.contract import topics
from device.contract.commands import StopRemoteView, UpdateHelp
from device.contract.documents import Rejection, Reported, View
from device.contract.events import HelpRaised, Started
from device.contract.identity import new_id
from device.contract.vital import Fault, Heartbeat, Presence, RemoteViewFrame
from device.contract.wire import seal
from tests.link.broker_process import BrokerProcess
from tests.link.tablet import Identity, Tablet
from tests.link.waiting import eventually

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgresql]

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


@pytest.mark.requirement("K3")
def test_an_event_is_receipted_when_it_is_in_the_database(worker: Worker, tablet: Tablet) -> None:
    """A receipt means: the event is committed, and what follows from it too."""
    id_ = tablet.tell(HelpRaised(help_id="help-1", source="screen"))
    tablet.wait_for_receipt(id_)
    event = DeviceEvent.objects.get(pk=id_)
    assert (event.device_id, event.kind, event.sequence) == (tablet.id, "help-raised", 1)
    assert HelpRequest.objects.get().help_id == "help-1"


@pytest.mark.requirement("K3")
def test_an_event_that_comes_twice_is_kept_once(worker: Worker, tablet: Tablet) -> None:
    """The device sends until it has a receipt: each time it gets one, and there is one row."""
    id_ = tablet.tell(HelpRaised(help_id="help-1", source="button"))
    tablet.wait_for_receipt(id_)
    tablet.tell(HelpRaised(help_id="help-1", source="button"), id_)
    eventually(lambda: tablet.receipts().count(id_) == 2, "a second receipt")
    assert DeviceEvent.objects.count() == 1
    assert HelpRequest.objects.count() == 1


def test_many_events_share_their_receipts(worker: Worker, tablet: Tablet) -> None:
    """A device that was away for long is answered in few messages, and nothing is left out."""
    ids = [tablet.tell(Started(version="1")) for _ in range(60)]
    eventually(lambda: set(tablet.receipts()) == set(ids), "all receipts")
    assert DeviceEvent.objects.count() == 60
    assert len(tablet.envelopes(topics.RECEIVED)) <= 60


def test_an_event_of_a_newer_device_is_kept(worker: Worker, tablet: Tablet) -> None:
    """A kind that this desk does not know is stored for later, and is no mistake of the device."""
    body = msgspec.to_builtins(tablet.event(Started(version="9")))
    body["what"] = {"kind": "kettle-boiled", "cups": 2}
    id_ = _say(tablet, topics.EVENT, body)
    tablet.wait_for_receipt(id_)
    event = DeviceEvent.objects.get(pk=id_)
    assert (event.kind, event.body["what"]["cups"]) == ("kettle-boiled", 2)
    assert not RejectedInput.objects.exists()


@pytest.mark.requirement("K3")
def test_help_is_heard_even_when_its_details_are_wrong(worker: Worker, tablet: Tablet) -> None:
    """A request from a source that this desk does not know is on the board, and noted."""
    body = msgspec.to_builtins(tablet.event(HelpRaised(help_id="help-1", source="screen")))
    body["what"]["source"] = "wristwatch"
    tablet.wait_for_receipt(_say(tablet, topics.EVENT, body))
    assert HelpRequest.objects.get().help_id == "help-1"
    assert "what.source" in RejectedInput.objects.get().reason


@pytest.mark.requirement("K1")
def test_poison_stops_nothing(worker: Worker, tablet: Tablet) -> None:
    """Whatever a device sends is noted for the desk with its reason, and the next message goes through."""
    tablet.publish(tablet.topic(topics.EVENT), b"{nonsense")
    tablet.publish(tablet.topic(topics.EVENT), b"\xff\xfe")
    tablet.publish(tablet.topic(topics.EVENT), b"[" * 5000)
    tablet.publish(tablet.topic(topics.EVENT), b'{"schema": 99}')
    tablet.publish(tablet.topic(topics.PRESENCE), _sealed("presence", {"online": True, "session": 10**30}))
    tablet.publish(tablet.topic(topics.ANSWER), _sealed("answer", {"stage": "done"}))
    wrong_share = "a" if tablet.id[0] != "a" else "b"
    tablet.publish(f"care/v1/{wrong_share}/{tablet.id}/up/event", b"{}")
    view = Reported(document="people", received_version=1)
    tablet.publish(tablet.topic(topics.REPORTED["view"]), _sealed("reported", msgspec.to_builtins(view)))
    tablet.wait_for_receipt(tablet.tell(Started(version="1")))
    eventually(lambda: RejectedInput.objects.count() == 8, "each is noted")
    reasons = "\n".join(RejectedInput.objects.values_list("reason", flat=True))
    for words in (
        "not valid JSON",
        "unknown schema version 99",
        "the desk could not take this in",
        "answers no command to this device",
        "not a topic of this device",
        "'people' is not what this topic is for",
    ):
        assert words in reasons


def test_text_that_a_database_cannot_store_is_stored(worker: Worker, tablet: Tablet) -> None:
    """NUL is valid in JSON and not in PostgreSQL: it becomes the sign for an unknown character."""
    tablet.say(
        topics.REPORTED["view"],
        Reported(document="view", rejected=Rejection(version=1, reason="a\0b", path="\0")),
    )
    body = msgspec.to_builtins(tablet.event(Started(version="1")))
    body["what"] = {"kind": "odd", "text": "a\0b"}
    tablet.wait_for_receipt(_say(tablet, topics.EVENT, body))
    tablet.say(topics.HEARTBEAT, _health(faults=[Fault(part="modem", reason="\0")]))
    eventually(lambda: Device.objects.get().heartbeat, "the heartbeat")
    assert DesiredDocument.objects.get(name="view").rejected_reason == "a\ufffdb"
    assert DeviceEvent.objects.get().body["what"]["text"] == "a\ufffdb"


@pytest.mark.requirement("K21")
def test_a_device_that_floods_with_events_is_a_fault(
    worker: Worker, tablet: Tablet, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is beyond its share is dropped, and the desk sees which device it is."""
    monkeypatch.setattr(fair_queue, "MOST_MESSAGES", 5.0)
    monkeypatch.setattr(fair_queue, "MESSAGES_PER_S", 0.0)
    for _ in range(20):
        tablet.tell(Started(version="1"))
    faults = DeviceFault.objects.filter(device=tablet.id, ended_at=None)
    eventually(faults.exists, "the fault of the flood", 15)
    eventually(lambda: DeviceEvent.objects.count() == 5, "its share, and no more")


def test_rejected_input_is_bounded(worker: Worker, tablet: Tablet) -> None:
    """A device gone mad does not fill the desk's disk."""
    for number in range(MOST_EACH + 20):
        tablet.publish(tablet.topic(topics.EVENT), b'{"schema": %d}' % (number + 100))
    newest = str(MOST_EACH + 119)
    eventually(lambda: RejectedInput.objects.filter(reason__contains=newest).exists(), "the newest")
    assert RejectedInput.objects.count() == MOST_EACH


def test_a_bug_of_the_desk_loses_no_event(
    worker: Worker, tablet: Tablet, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the desk fails to take in gets no receipt: the device keeps it and sends it again."""
    from cloud.link import events

    with monkeypatch.context() as broken:
        broken.setattr(events, "handle_event", _fail)
        id_ = tablet.tell(HelpRaised(help_id="help-1", source="screen"))
        eventually(RejectedInput.objects.exists, "the failure is visible")
        assert not DeviceEvent.objects.exists()
    tablet.tell(HelpRaised(help_id="help-1", source="screen"), id_)
    tablet.wait_for_receipt(id_)
    assert HelpRequest.objects.count() == 1


def test_without_a_database_nothing_is_lost(
    worker: Worker, tablet: Tablet, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The worker waits for the database, and then goes on with the very same messages."""
    from django.db import OperationalError

    tried: list[str] = []
    keep = keep_events

    def unsteady(events: Sequence[ReadEvent]) -> None:
        tried.extend(each.device.pk for each in events)
        if len(tried) < 3:
            raise OperationalError("the database is away")
        keep(events)

    monkeypatch.setattr(lane_module, "DATABASE_WAIT_S", 0.01)
    monkeypatch.setattr(ingest, "keep_events", unsteady)
    tablet.wait_for_receipt(tablet.tell(Started(version="1")))
    assert len(tried) == 3


@pytest.mark.requirement("K1")
def test_documents_go_out_and_their_fate_comes_back(
    worker: Worker, tablet: Tablet, resident: Resident
) -> None:
    """A new device gets all four; a change goes out at once with the next version; painted is noted."""
    for channel in topics.DESIRED.values():
        tablet.hear(channel)
    resident.view.cafe = False
    resident.view.save()
    documents.refresh_resident(resident)
    envelope = tablet.hear(topics.DESIRED["view"], lambda each: _view(each).version == 2)
    assert not _view(envelope).elements.cafe
    tablet.say(
        topics.REPORTED["view"],
        Reported(document="view", received_version=2, painted_version=2, painted_at=NOW),
    )
    eventually(lambda: _document(tablet, "view").painted_version == 2, "painted")
    assert _document(tablet, "view").painted_at == NOW


@pytest.mark.requirement("K1")
def test_a_rejected_document_is_visible_with_its_reason(worker: Worker, tablet: Tablet) -> None:
    """The desk shows which field the device could not use, until a later version is taken."""
    why = Rejection(version=1, reason="expected a boolean", path="elements.cafe")
    tablet.say(topics.REPORTED["view"], Reported(document="view", rejected=why))
    eventually(lambda: _document(tablet, "view").rejected_version == 1, "rejected")
    assert _document(tablet, "view").rejected_path == "elements.cafe"
    tablet.say(topics.REPORTED["view"], Reported(document="view", received_version=2))
    eventually(lambda: _document(tablet, "view").rejected_version is None, "taken")


@pytest.mark.requirement("K1")
def test_coming_online_a_device_gets_what_it_does_not_have(
    worker: Worker, enrolled_device: Identity, connect: Callable[..., Tablet], resident: Resident
) -> None:
    """It names the versions that it has: those that differ are sent, the others are not."""
    resident.view.cafe = False
    resident.view.save()
    documents.refresh_resident(resident)
    tablet = connect(enrolled_device)
    assert tablet.topics_heard == []
    names: tuple[Any, ...] = ("view", "people", "calendar", "policy")
    tablet.appear(has=[_has(name, 1) for name in names])
    assert _view(tablet.hear(topics.DESIRED["view"])).version == 2
    tablet.say(topics.REPORTED["view"], _has("view", 2))
    eventually(lambda: _document(tablet, "view").received_version == 2, "the desk knows")
    tablet.appear(2, has=[_has("view", 2), _has("people", 1)])
    tablet.hear(topics.DESIRED["calendar"])
    tablet.hear(topics.DESIRED["policy"])
    assert _versions(tablet, "view") == [2]
    assert _versions(tablet, "people") == []


@pytest.mark.requirement("K1")
def test_a_document_is_sent_until_the_device_says_that_it_has_it(
    worker: Worker, tablet: Tablet, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is lost on the way comes again; what the device has refused does not."""
    monkeypatch.setattr(outgoing, "DOCUMENT_AGAIN_S", 0.2)
    tablet.hear(topics.DESIRED["view"])
    tablet.appear(2)
    eventually(lambda: len(_versions(tablet, "view")) >= 3, "sent again")
    refused = Rejection(version=1, reason="no", path="elements")
    tablet.say(topics.REPORTED["view"], Reported(document="view", rejected=refused))
    eventually(lambda: _document(tablet, "view").rejected_version == 1, "refused")
    times = len(_versions(tablet, "view"))
    people = len(_versions(tablet, "people"))
    eventually(lambda: len(_versions(tablet, "people")) > people, "the others go on")
    assert len(_versions(tablet, "view")) <= times + 1


@pytest.mark.requirement("K1")
def test_a_desk_that_forgot_takes_up_where_the_device_is(worker: Worker, tablet: Tablet) -> None:
    """Restored from an older copy, the desk goes on above the version that the device has."""
    tablet.hear(topics.DESIRED["view"])
    tablet.say(topics.REPORTED["view"], _has("view", 7))
    tablet.hear(topics.DESIRED["view"], lambda each: _view(each).version == 8)


@pytest.mark.requirement("K1")
def test_a_broker_that_lost_everything_is_a_reconnect(
    broker: BrokerProcess, worker: Worker, tablet: Tablet, connect: Callable[..., Tablet], resident: Resident
) -> None:
    """Killed, its folder deleted: document, command and help get through, with nobody's hand."""
    tablet.hear(topics.DESIRED["view"])
    command = _issue(tablet, UpdateHelp(help_id="help-1", stage="taken", by="Anna"))
    tablet.hear(topics.COMMAND)
    broker.stop(signal.SIGKILL)
    shutil.rmtree(broker.place.directory)
    resident.view.cafe = False
    resident.view.save()
    documents.refresh_resident(resident)
    broker.start()
    again = connect(tablet.identity)
    again.appear(2, has=[_has("view", 1)])
    again.hear(topics.DESIRED["view"], lambda each: _view(each).version == 2)
    assert again.hear(topics.COMMAND).id == str(command.pk)
    again.insist(HelpRaised(help_id="help-2", source="button"))


@pytest.mark.requirement("K1", "K8")
def test_a_device_whose_presence_was_lost_is_asked_for_it(
    broker: BrokerProcess, worker: Worker, tablet: Tablet, connect: Callable[..., Tablet]
) -> None:
    """Its heartbeat says neither its session nor its documents: it does not count as heard."""
    broker.stop(signal.SIGKILL)
    broker.start()
    again = connect(tablet.identity)

    def is_heard() -> bool:
        again.say(topics.HEARTBEAT, msgspec.structs.replace(_health(), version="after"))
        return (Device.objects.get(pk=tablet.id).heartbeat or {}).get("version") == "after"

    eventually(is_heard, "a heartbeat arrives before the desk asks who is there")
    again.hear(topics.ROLL_CALL)


@pytest.mark.requirement("K3")
def test_commands_for_those_who_are_away_hold_up_nobody(
    worker: Worker, tablet: Tablet, organisation: Organisation
) -> None:
    """However many older ones are open, a new one for a device that is there is sent, notified or not."""
    lifetime = timedelta(minutes=5)
    for number in range(201):
        away = Device.objects.create(id=f"{number:016}", organisation=organisation, certificate_pem="pem")
        commands.issue(away, StopRemoteView(), by=None, lifetime=lifetime)
    here = Device.objects.get(pk=tablet.id)
    DeviceCommand.objects.create(
        id=new_id(datetime.now(UTC)),
        device=here,
        body=msgspec.to_builtins(StopRemoteView()),
        expires_at=datetime.now(UTC) + lifetime,
    )
    tablet.hear(topics.COMMAND)


@pytest.mark.requirement("K3")
def test_a_command_is_sent_until_it_is_answered(
    worker: Worker, tablet: Tablet, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No answer: the same command again, with the same id. An answer closes it."""
    monkeypatch.setattr(outgoing, "FIRST_AGAIN_S", 0.1)
    tablet.appear()
    command = _issue(tablet, UpdateHelp(help_id="help-1", stage="taken", by="Anna"))
    eventually(lambda: len(tablet.envelopes(topics.COMMAND)) >= 3, "sent three times")
    heard = tablet.envelopes(topics.COMMAND)[0]
    assert {each.id for each in tablet.envelopes(topics.COMMAND)} == {str(command.pk)}
    assert heard.expires_at == command.expires_at
    tablet.answer(heard, "received")
    tablet.answer(heard, "done")
    eventually(lambda: _command(command).final, "closed")
    tablet.answer(heard, "failed", "too late to change anything")
    tablet.wait_for_receipt(tablet.tell(Started(version="1")))
    assert _command(command).stage == "done"


def test_a_command_without_an_answer_expires(worker: Worker, tablet: Tablet) -> None:
    """Its time over, it is closed as expired; that the device did it after all may still be said."""
    command = _issue(tablet, StopRemoteView(), lifetime=timedelta(seconds=0.2))
    heard = tablet.hear(topics.COMMAND)
    eventually(lambda: _command(command).stage == "expired", "expired")
    tablet.answer(heard, "done")
    eventually(lambda: _command(command).stage == "done", "done after all")


def test_a_command_waits_for_a_device_that_is_away(
    worker: Worker, tablet: Tablet, connect: Callable[..., Tablet]
) -> None:
    """Nothing piles up while it is away; when it is there, the command is too."""
    tablet.appear()
    tablet.appear(online=False)
    tablet.leave()
    eventually(lambda: not Device.objects.get().online, "offline at the desk")
    command = _issue(tablet, UpdateHelp(help_id="help-1", stage="taken", by="Anna"))
    eventually(lambda: _command(command).sent_at, "sent")
    again = connect(tablet.identity)
    again.appear(2)
    assert again.hear(topics.COMMAND).id == str(command.pk)


@pytest.mark.requirement("Q9")
def test_the_will_of_an_older_session_is_ignored(
    worker: Worker, enrolled_device: Identity, connect: Callable[..., Tablet]
) -> None:
    """A device that came back before the broker noticed that it was gone stays online."""
    gone = seal(Presence(online=False, session=1), "presence", sent_at=NOW)
    first = connect(enrolled_device, will=gone)
    first.appear(1)
    eventually(lambda: Device.objects.get().online, "online")
    second = connect(enrolled_device)
    second.appear(2)
    eventually(lambda: Device.objects.get().session == 2, "the newer session")
    second.say(topics.PRESENCE, Presence(online=False, session=1))
    second.wait_for_receipt(second.tell(Started(version="1")))
    assert Device.objects.get().online
    second.say(topics.PRESENCE, Presence(online=False, session=2))
    eventually(lambda: not Device.objects.get().online, "offline")


@pytest.mark.requirement("K2")
def test_a_heartbeat_is_kept_with_its_faults(worker: Worker, tablet: Tablet) -> None:
    """The desk stores when it last received one, and the device's faults."""
    tablet.say(topics.HEARTBEAT, _health())
    eventually(lambda: Device.objects.get().heard_at, "heard")
    tablet.say(topics.HEARTBEAT, _health(faults=[Fault(part="modem", reason="no SIM card")]))
    eventually(lambda: (Device.objects.get().heartbeat or {}).get("faults"), "the fault")


def test_a_silent_device_counts_as_offline(worker: Worker, tablet: Tablet) -> None:
    """Where the broker still believes in a connection, two and a half heartbeats decide."""
    eventually(lambda: Device.objects.get().online, "online")
    desk = outgoing.Outgoing(Mock(), Device.objects.get().broker, topics.PARTITIONS)
    desk.silence(timedelta(minutes=5))
    assert Device.objects.get().online
    Device.objects.update(heard_at=NOW - timedelta(days=30))
    desk.silence(timedelta(minutes=5))
    assert not Device.objects.get().online


def test_pictures_do_not_go_through_the_database(worker: Worker, tablet: Tablet) -> None:
    """A picture of the screen leaves no trace at the desk."""
    tablet.say(topics.REMOTE_VIEW, RemoteViewFrame(width_px=1, height_px=1, jpeg=b"jpeg"))
    tablet.wait_for_receipt(tablet.tell(Started(version="1")))
    assert not RejectedInput.objects.exists()


def test_a_device_that_is_not_enrolled_any_more_is_not_listened_to(worker: Worker, tablet: Tablet) -> None:
    """What it still sends is noted, and changes nothing."""
    Device.objects.update(certificate_pem="")
    tablet.tell(HelpRaised(help_id="help-1", source="screen"))
    eventually(RejectedInput.objects.exists, "noted")
    assert not DeviceEvent.objects.exists()


def _say(tablet: Tablet, channel: topics.Channel, body: Any) -> str:
    payload = _sealed(channel.type, body)
    tablet.publish(tablet.topic(channel), payload)
    return str(msgspec.json.decode(payload)["id"])


def _sealed(type_: str, body: Any) -> bytes:
    now = datetime.now(UTC)
    envelope = {"schema": 1, "id": new_id(now), "type": type_, "sent_at": now, "body": body}
    return msgspec.json.encode(envelope)


def _health(**about: Any) -> Heartbeat:
    return Heartbeat(version="1", uptime_s=1, clock_trusted=True, screen_silent_s=0, outbox=0, **about)


def _issue(tablet: Tablet, body: Any, lifetime: timedelta = timedelta(minutes=1)) -> DeviceCommand:
    return commands.issue(Device.objects.get(pk=tablet.id), body, by=None, lifetime=lifetime)


def _command(command: DeviceCommand) -> DeviceCommand:
    return DeviceCommand.objects.get(pk=command.pk)


def _document(tablet: Tablet, name: str) -> DesiredDocument:
    return DesiredDocument.objects.get(device=tablet.id, name=name)


def _view(envelope: Any) -> View:
    return msgspec.json.decode(envelope.body, type=View)


def _has(name: Any, version: int) -> Reported:
    return Reported(document=name, received_version=version, painted_version=version, painted_at=NOW)


def _versions(tablet: Tablet, name: Any) -> list[int]:
    return [msgspec.json.decode(each.body)["version"] for each in tablet.envelopes(topics.DESIRED[name])]


def _fail(*_: object) -> None:
    raise ZeroDivisionError
