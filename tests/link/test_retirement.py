"""A retired tablet loses all that it knew: the real core, a real broker and a real desk (K17)."""

import asyncio
import json
import os
import signal
import ssl
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.utils import timezone

from cloud.devices.models import DesiredDocument, Device, DeviceCommand, Retirement
from cloud.devices.retirement import clear_brokers, retire
from cloud.link.worker import Worker
from cloud.people.models import Resident
from cloud.pki.authority import Authority
from device.https_tasks import HelpFallback, HttpsDesk
from device.retirement_record import NAME, RetirementRecord, wipe, write_retirement_record
from device.rules.effects import AskByHttps
from device.rules.events import Event, RetirementReceived
from device.rules.now import Now
from device.rules.state import State
from device.screen.words import words_of
from device.settings import Identity as DeviceIdentity
from device.store.database import Store
from hal.ports import ClockReading
from tests.flows.resident_screen import ResidentScreen
from tests.link.broker_process import BrokerProcess
from tests.link.fixtures import DeskAddresses
from tests.link.own_core import Core
from tests.link.tablet import Identity
from tests.link.waiting import eventually
from tests.setup.network_manager_mock import ROOT, NetworkManagerMock, network_manager
from tests.systemd.listener import Listener

pytestmark = [pytest.mark.requirement("K17"), pytest.mark.django_db(transaction=True)]


@pytest.fixture
def core(enrolled_device: Identity, desk_addresses: DeskAddresses, broker: BrokerProcess) -> Iterator[Core]:
    """Start the core of Aino's tablet."""
    with tempfile.TemporaryDirectory(prefix="kr") as folder:
        place = Path(folder) / "t"
        place.mkdir()
        yield Core(place, enrolled_device, desk_addresses, broker)


def _knows_aino() -> bool:
    people = DesiredDocument.objects.get(name="people")
    return people.received_version == people.version


@pytest.fixture
def networks(core: Core, monkeypatch: pytest.MonkeyPatch) -> Iterator[NetworkManagerMock]:
    """The tablet's own, with the Wi-Fi of a home."""
    with network_manager(core.folder) as mock:
        mock.saved.append(f"{ROOT}/Settings/1")
        monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", mock.address)
        settings = core.folder / "device.toml"
        settings.write_text(f"{settings.read_text()}owns_networks = true\n")
        yield mock


def test_a_tablet_that_is_on_is_wiped_at_once(
    core: Core, networks: NetworkManagerMock, worker: Worker, authority: Authority, resident: Resident
) -> None:
    """Key, database, photos, cache and the home's Wi-Fi are gone; the screen and the desk both say so."""
    with core.running():
        eventually(_knows_aino, "the tablet knows whose it is", 20)
        assert core.files_with(b"Virtanen")
        retire(Device.objects.get(), authority, Retirement.Why.LOST, None)
        eventually(lambda: Retirement.objects.exclude(wiped_at=None).exists(), "the desk knows", 20)
        screen = ResidentScreen(core.screen_socket)
        eventually(lambda: screen.says(words_of("fi")("This device is not in use")), "the screen says so")
        screen.leave()
        eventually(lambda: not networks.saved, "the Wi-Fi is forgotten")
    assert core.files_with(b"Aino", b"Virtanen", b"PRIVATE KEY") == []
    assert sorted(each.name for each in core.identity.iterdir()) == ["ca.pem", NAME]
    assert not Device.objects.exclude(resident=None).exists()
    assert not DeviceCommand.objects.exists()
    clear_brokers()
    assert Retirement.objects.exclude(broker_cleared_at=None).exists()


def test_the_service_manager_is_not_asked_to_end_a_tablet_that_goes_on_retired(
    core: Core,
    worker: Worker,
    authority: Authority,
    resident: Resident,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """It would be killed for not ending, and the display would say "One moment" for ever."""
    manager = Listener(core.folder / "manager")
    monkeypatch.setenv("NOTIFY_SOCKET", str(manager.path))
    with core.running():
        manager.hear("READY=1")
        eventually(_knows_aino, "the tablet knows whose it is", 20)
        manager.forget()
        retire(Device.objects.get(), authority, Retirement.Why.LOST, None)
        assert "STOPPING=1" not in manager.hear_all("READY=1", 20)
    manager.close()


def test_one_that_was_off_is_wiped_when_it_comes_back(
    core: Core, worker: Worker, authority: Authority, resident: Resident
) -> None:
    """Also where the broker still takes its certificate; the desk says "not yet" until then."""
    with core.running():
        eventually(_knows_aino, "the tablet knows whose it is", 20)
    eventually(lambda: not Device.objects.get().online, "it is off")
    retirement = retire(Device.objects.get(), authority, Retirement.Why.REPLACED, None)
    eventually(lambda: DeviceCommand.objects.exclude(sent_at=None).exists(), "said into the void")
    assert retirement.wiped_at is None
    with core.running():
        eventually(lambda: Retirement.objects.exclude(wiped_at=None).exists(), "wiped", 20)
    assert core.files_with(b"Aino", b"Virtanen", b"PRIVATE KEY") == []


class _Clock:
    def read(self) -> ClockReading:
        return ClockReading(timezone.now(), 0.0, True)


def test_one_that_the_broker_refuses_learns_it_over_https(
    core: Core, authority: Authority, resident: Resident
) -> None:
    """The desk answers a retired key with its receipt, and nothing else."""
    retirement = retire(Device.objects.get(), authority, Retirement.Why.LOST, None)
    link = json.loads((core.identity / "link.json").read_text())
    identity = DeviceIdentity(**link, folder=core.identity)
    events: list[Event] = []
    store = Store(core.folder / "data/device.sqlite3")

    async def ask() -> None:
        second = HelpFallback(
            HttpsDesk(identity, _Clock()), store, arrived=lambda _: None, handle=events.append
        )
        now = Now(wall=timezone.now(), monotonic_s=0.0, trusted=True, id="id")
        second.performs()[AskByHttps](AskByHttps(), State(), now)
        while not events:
            await asyncio.sleep(0.02)

    asyncio.run(asyncio.wait_for(ask(), 20))
    store.close()
    assert RetirementReceived(receipt=retirement.receipt) in events


def test_a_wrong_receipt_proves_nothing(
    core: Core, desk_addresses: DeskAddresses, authority: Authority, enrol_device: Callable[..., Identity]
) -> None:
    """Nobody but the device knows it; a device that is in use is never wiped."""
    import httpx

    device = Device.objects.get()
    trust = ssl.create_default_context(cafile=str(desk_addresses.authority))
    retire(device, authority, Retirement.Why.SOLD, None)
    for name in (device.pk, enrol_device().id):
        body = {"device": name, "receipt": "0" * 32}
        answer = httpx.post(f"{desk_addresses.devices}/device/v1/wiped", json=body, verify=trust)
        assert answer.status_code == 403
    assert not Retirement.objects.exclude(wiped_at=None).exists()


@pytest.mark.parametrize("after", range(0, 8, 2))
def test_a_power_cut_in_the_middle_leaves_nothing_after_the_next_start(tmp_path: Path, after: int) -> None:
    """The process is killed while it deletes; the next one finds the note and ends the work."""
    identity, data = tmp_path / "identity", tmp_path / "data"
    (data / "photos").mkdir(parents=True)
    identity.mkdir()
    files = [identity / "key.pem", identity / "link.json", identity / "certificate.pem"]
    files += [data / f"device.sqlite3{end}" for end in ("", "-wal", "-shm")]
    files += [data / "photos" / str(number) for number in range(4)]
    for file in files:
        file.write_bytes(b"Aino" * 1000)
    write_retirement_record(
        identity, RetirementRecord(device="d", desk_url="https://localhost:9", receipt="r")
    )
    child = os.fork()
    if child == 0:
        _kill_after(after)
        wipe(identity, data)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status)
    assert (identity / NAME).exists()
    wipe(identity, data)
    left = [each for each in tmp_path.rglob("*") if each.is_file()]
    assert left == [identity / NAME]


def _kill_after(unlinks: int) -> None:
    """The process ends at this deletion, as by a power cut."""
    left, unlink = unlinks, Path.unlink

    def unlink_or_die(path: Path, missing_ok: bool = False) -> None:
        nonlocal left
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        left -= 1
        unlink(path, missing_ok)

    Path.unlink = unlink_or_die  # type: ignore[assignment, method-assign]
