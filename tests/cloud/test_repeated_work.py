"""What the desk does for each message it does not do again and again: devices and documents are read once."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from django.db import connection
from django.test import TestCase
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from cloud.calls import presence
from cloud.devices import documents
from cloud.devices.models import Device, DeviceEvent, RejectedInput
from cloud.link import events
from cloud.link.batch import ingest_all
from cloud.link.events import ReadEvent, keep_events, read_event
from cloud.link.ingest import ingest_events
from cloud.notify.session import Arrived
from device.contract import topics
from device.contract.documents import AnyDocument, Document
from device.contract.events import ScreenRestored, WireEvent
from device.contract.vital import Heartbeat, Presence
from device.contract.wire import seal
from tests.cloud.homes import Home, make_device, make_resident
from tests.cloud.test_help_board import event


@pytest.mark.requirement("K3")
def test_many_events_over_https_read_their_device_once(home: Home) -> None:
    """One that is no event is noted, the others are kept; only after it the device is read again."""
    Device.objects.update(certificate_pem="x")
    DeviceEvent.objects.all().delete()
    sealed = [
        seal(event(ScreenRestored(silent_s=1)), topics.EVENT.type, sent_at=timezone.now()) for _ in range(20)
    ]
    with CaptureQueriesContext(
        connection,
    ) as queries:
        ids = ingest_events(home.device, [*sealed[:10], b"{}", *sealed[10:]])
    assert len(set(ids)) == DeviceEvent.objects.count() == 20
    assert RejectedInput.objects.filter(device=home.device).count() == 1
    loads = [
        each for each in queries if each["sql"].startswith("SELECT") and "certificate_pem" in each["sql"]
    ]
    # At the beginning, and after the bad one: for the note, and for those that follow.
    assert len(loads) <= 3


@pytest.mark.requirement("V26")
def test_presence_composes_only_the_document_that_shows_it(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A page that opens or a call that begins touches the people of each screen, and nothing else."""
    documents.refresh(home.device)
    composed: list[Document] = []
    compose = documents._compose_one

    def note(device: Device, name: Document) -> AnyDocument:
        composed.append(name)
        return compose(device, name)

    monkeypatch.setattr(documents, "_compose_one", note)
    with TestCase.captureOnCommitCallbacks(execute=True):
        presence.choose(home.contact, "away")
    assert composed == ["people"]


def arrived(device: Device) -> Arrived:
    """An event of this device as the broker brings it."""
    sealed = seal(event(ScreenRestored(silent_s=1)), topics.EVENT.type, sent_at=timezone.now())
    return Arrived(topics.topic(device.pk, topics.EVENT), sealed, mid=1, qos=1, connection=1)


@pytest.mark.requirement("K3")
def test_fifty_events_need_as_few_queries_as_five(home: Home) -> None:
    """What arrives together is looked for and stored together, also from different devices."""
    devices = [home.device, *(make_device(make_resident(home.organisation, f"R{n}")) for n in range(9))]
    Device.objects.update(certificate_pem="x")
    counts = []
    for many in (5, 50):
        messages = [arrived(devices[number % 10]) for number in range(many)]
        with CaptureQueriesContext(connection) as queries:
            effects = ingest_all([*messages, messages[0]], "", first=True)
        assert len(effects) == many + 1
        counts.append(len(queries))
    assert DeviceEvent.objects.count() == 55
    assert counts[1] == counts[0]


class Overtaken(list[ReadEvent]):
    """The second of these is stored by another way as soon as this one has looked for them."""

    looks = 0

    def __iter__(self) -> Iterator[ReadEvent]:
        self.looks += 1
        if self.looks == 2:
            DeviceEvent.objects.bulk_create([self[1].row])
        return super().__iter__()


@pytest.mark.requirement("K3")
def test_an_event_that_comes_by_two_ways_at_once_is_handled_once(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The rest of what came with it is stored all the same."""
    read = Overtaken(read_event(home.device, arrived(home.device).payload) for _ in range(3))
    handled: list[WireEvent | None] = []
    monkeypatch.setattr(events, "handle_event", lambda _device, each: handled.append(each))
    keep_events(read)
    assert DeviceEvent.objects.count() == 3
    assert handled == [read[0].event, read[2].event]


@pytest.mark.requirement("K8")
def test_a_device_that_leaves_right_after_a_heartbeat_is_away(home: Home) -> None:
    """What comes last counts, also where both are stored together; another's heartbeat is as good as ever."""
    other = make_device(make_resident(home.organisation, "Eino"))
    Device.objects.update(certificate_pem="x", online=True, session=1)
    health = Heartbeat(version="2", uptime_s=1, clock_trusted=True, screen_silent_s=0, outbox=0, faults=[])
    leaves = Presence(online=False, session=1)
    said = [
        (home.device, topics.HEARTBEAT, health),
        (other, topics.HEARTBEAT, health),
        (home.device, topics.PRESENCE, leaves),
    ]
    messages = [
        Arrived(topics.topic(each.pk, channel), seal(body, channel.type, sent_at=timezone.now()), 1, 1, 1)
        for each, channel, body in said
    ]
    ingest_all(messages, "here", first=False)
    known = dict(Device.objects.values_list("pk", "online"))
    assert (known[home.device.pk], known[other.pk]) == (False, True)
    assert Device.objects.filter(heartbeat__version="2").count() == 2


@pytest.mark.requirement("K3", "K21")
@pytest.mark.parametrize("is_stored", [False, True])
def test_a_device_cannot_take_the_id_of_anothers_event(home: Home, is_stored: bool) -> None:
    """Neither of one that is stored nor of one that comes with it; it is noted, and the rest is stored."""
    other = make_device(make_resident(home.organisation, "Eino"))
    Device.objects.update(certificate_pem="x")
    first, second = arrived(home.device), arrived(other)
    stolen = replace(first, topic=topics.topic(other.pk, topics.EVENT))
    batches = [[first], [stolen, second]] if is_stored else [[first, stolen, second]]
    effects = [effect for batch in batches for effect in ingest_all(batch, "", first=True)]
    assert len(effects) == 2
    owners = DeviceEvent.objects.values_list("device", flat=True)
    assert sorted(owners) == sorted([home.device.pk, other.pk])
    assert RejectedInput.objects.get().device == other


@pytest.mark.requirement("K3")
def test_an_event_that_cannot_be_handled_takes_no_other_with_it(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The others are stored, handled once and acknowledged; pages hear of them."""
    messages = [arrived(home.device) for _ in range(3)]
    Device.objects.update(certificate_pem="x")
    broken = read_event(home.device, messages[1].payload).event
    handled: list[WireEvent] = []

    def handle(_device: Device, each: WireEvent) -> None:
        if each == broken:
            raise ValueError
        handled.append(each)

    monkeypatch.setattr(events, "handle_event", handle)
    with TestCase.captureOnCommitCallbacks() as hints:
        effects = ingest_all(messages, "", first=True)
    assert len(effects) == DeviceEvent.objects.count() == 2
    # Handled in the batch that was undone, and then by themselves.
    assert len(handled) == 3
    assert RejectedInput.objects.get().device == home.device
    assert hints
