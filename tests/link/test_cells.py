"""Two brokers: devices that lose one use the other, and the desk is connected to both."""

import queue
import signal
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from cloud.devices import commands, documents
from cloud.devices.models import Device
from cloud.help.models import HelpRequest
from cloud.link.worker import Worker
from cloud.notify import cells
from cloud.people.models import Resident
from cloud.pki.authority import Authority
from device.contract import topics
from device.contract.commands import StopRemoteView
from device.contract.documents import BrokerAddress, Policy
from device.contract.events import HelpRaised
from device.contract.vital import Presence
from device.contract.wire import seal
from device.link.events import Connected, LinkEvent
from device.link.session import Session
from device.settings import Identity as DeviceIdentity
from tests.link.broker_process import BrokerProcess
from tests.link.fixtures import running_worker
from tests.link.tablet import Identity, Tablet
from tests.link.waiting import eventually

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.requirement("Q9")]


@pytest.fixture
def second_broker(
    tmp_path: Path, authority: Authority, broker: BrokerProcess, settings: Any
) -> Iterator[BrokerProcess]:
    """Another mosquitto, which the desk knows beside the first."""
    process = BrokerProcess(tmp_path / "second", authority.directory)
    process.start()
    settings.OTHER_BROKERS = [("localhost", process.place.device_port, process.place.desk_port)]
    yield process
    process.stop()


@pytest.fixture
def listening(second_broker: BrokerProcess, transactional_db: None) -> Iterator[Worker]:
    """A worker at both brokers."""
    with running_worker() as made:
        yield made


@pytest.mark.requirement("K3")
def test_help_goes_by_the_other_broker(
    listening: Worker,
    broker: BrokerProcess,
    second_broker: BrokerProcess,
    tablet: Tablet,
    resident: Resident,
) -> None:
    """One is killed for good: view, command and help go by the other, as before."""
    tablet.hear(topics.DESIRED["view"])
    broker.stop(signal.SIGKILL)
    moved = Tablet(tablet.identity, second_broker.place.device_port).connect()
    try:
        moved.appear(2)
        moved.hear(topics.DESIRED["view"])
        resident.view.cafe = False
        resident.view.save()
        documents.refresh_resident(resident)
        moved.hear(topics.DESIRED["view"], lambda each: b'"version":2' in bytes(each.body))
        device = Device.objects.get(pk=moved.id)
        command = commands.issue(device, StopRemoteView(), by=None, lifetime=timedelta(minutes=1))
        assert moved.hear(topics.COMMAND).id == str(command.pk)
        moved.insist(HelpRaised(help_id="help-1", source="button"))
        assert HelpRequest.objects.count() == 1
    finally:
        moved.leave()


def test_a_device_leaves_a_dead_broker_within_ten_seconds(
    broker: BrokerProcess, second_broker: BrokerProcess, enrol_device: Callable[..., Identity]
) -> None:
    """It knows both from its policy; it also finds its way back when only the first is there."""
    identity = enrol_device()
    (identity.directory / "ca.pem").write_bytes(identity.authority.read_bytes())
    here, there = (
        BrokerAddress(host="localhost", port=each.place.device_port) for each in (broker, second_broker)
    )
    enrolled = DeviceIdentity(
        device=identity.id,
        desk_url="https://localhost:9",
        broker_host=here.host,
        broker_port=here.port,
        folder=identity.directory,
    )
    heard: queue.Queue[LinkEvent] = queue.Queue()
    session = Session(
        enrolled,
        brokers=lambda: [here, there],
        make_will=lambda: seal(Presence(online=False, session=1), "presence", sent_at=datetime.now(UTC)),
        heard=heard.put,
        moved=lambda: None,
    )
    session.start()
    try:
        eventually(lambda: list(heard.queue).count(Connected()) == 1, "linked to its own")
        broker.stop(signal.SIGKILL)
        eventually(lambda: list(heard.queue).count(Connected()) == 2, "linked to the other", 10)
        broker.start()
        second_broker.stop(signal.SIGKILL)
        eventually(lambda: list(heard.queue).count(Connected()) == 3, "linked to its own again", 10)
    finally:
        session.stop()


def test_devices_learn_two_brokers_and_are_spread_over_all(
    second_broker: BrokerProcess, enrol_device: Callable[..., Identity], resident: Resident, settings: Any
) -> None:
    """The policy names a device's own first; with three brokers each is the first of about a third."""
    identity = enrol_device(resident)
    policy = documents.with_version(Device.objects.get(pk=identity.id).documents.get(name="policy"))
    assert isinstance(policy, Policy)
    assert {each.port for each in policy.brokers} == {
        settings.BROKER_DEVICE_PORT,
        second_broker.place.device_port,
    }
    settings.OTHER_BROKERS = [("second", 2, 2), ("third", 3, 3)]
    first = Counter(cells.known_to(f"device-{number}")[0].host for number in range(3_000))
    assert all(900 < count < 1_100 for count in first.values())
    assert len(first) == 3


def test_with_one_broker_nothing_is_said_of_it(
    broker: BrokerProcess, enrol_device: Callable[..., Identity], resident: Resident
) -> None:
    """The device stays with the one of its enrolment."""
    identity = enrol_device(resident)
    policy = documents.with_version(Device.objects.get(pk=identity.id).documents.get(name="policy"))
    assert isinstance(policy, Policy)
    assert policy.brokers == []
