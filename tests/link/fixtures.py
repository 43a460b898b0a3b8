"""A desk with its own authority and a real broker, and devices that are enrolled with it.

``from tests.link.fixtures import *`` in a conftest.py brings them to other tests.
"""

import asyncio
import contextlib
import signal
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from django.core.cache import cache

from cloud.desk.management.commands import serve
from cloud.devices import documents, remote_view
from cloud.devices.models import Device
from cloud.link.worker import Worker
from cloud.notify import live_updates
from cloud.notify.broker_settings import link_settings
from cloud.notify.cells import brokers
from cloud.notify.session import Arrived, Session
from cloud.organisations.models import Organisation
from cloud.people.models import Resident
from cloud.pki.authority import Authority, desk_authority
from cloud.pki.certificates import key_pem
from cloud.screens.models import ResidentView
from tests.link.broker_process import BrokerProcess, free_ports
from tests.link.desk_process import DeskProcess
from tests.link.tablet import Identity, Tablet
from tests.link.waiting import eventually

__all__ = [
    "authority",
    "broker",
    "connect",
    "desk",
    "desk_addresses",
    "desk_command",
    "enrol_device",
    "enrolled_device",
    "organisation",
    "resident",
    "tablet",
    "worker",
]


@pytest.fixture
def authority(tmp_path: Path, settings: Any) -> Iterator[Authority]:
    """The desk's own authority, in a data directory of this test."""
    settings.DATA = tmp_path / "desk"
    settings.BROKER_DESK_PORT = 0
    cache.clear()
    made = desk_authority()
    made.make(["localhost", "127.0.0.1"])
    yield made
    live_updates.close()


@pytest.fixture
def broker(tmp_path: Path, authority: Authority, settings: Any) -> Iterator[BrokerProcess]:
    """A real mosquitto with the project's configuration, known to the desk's settings."""
    process = BrokerProcess(tmp_path / "broker", authority.directory)
    process.start()
    settings.BROKER_HOST = "localhost"
    settings.BROKER_DEVICE_PORT = process.place.device_port
    settings.BROKER_DESK_PORT = process.place.desk_port
    # What an earlier test has opened knows another broker.
    live_updates.close()
    yield process
    live_updates.close()
    process.stop()


@pytest.fixture
def organisation(transactional_db: None) -> Organisation:
    return Organisation.objects.create(name="Koivula")


@pytest.fixture
def resident(organisation: Organisation) -> Resident:
    """Somebody who lives there, with a view."""
    aino = Resident.objects.create(organisation=organisation, first_name="Aino", last_name="Virtanen")
    ResidentView.objects.create(resident=aino)
    return aino


EnrolDevice = Callable[..., Identity]


@pytest.fixture
def enrol_device(tmp_path: Path, authority: Authority, organisation: Organisation) -> EnrolDevice:
    """Makes a device with a key and a certificate of its own; ``resident`` may be given."""

    def enrol(resident: Resident | None = None) -> Identity:
        key = ec.generate_private_key(ec.SECP256R1())
        request = x509.CertificateSigningRequestBuilder().subject_name(x509.Name([])).sign(key, SHA256())
        issued = authority.sign(request.public_bytes(Encoding.PEM))
        directory = tmp_path / issued.device
        directory.mkdir()
        (directory / "certificate.pem").write_text(issued.pem)
        (directory / "key.pem").write_bytes(key_pem(key))
        device = Device.objects.create(
            id=issued.device, organisation=organisation, resident=resident, certificate_pem=issued.pem
        )
        documents.refresh(device)
        return Identity(issued.device, key, directory, authority.certificate_file)

    return enrol


@pytest.fixture
def enrolled_device(enrol_device: EnrolDevice, resident: Resident) -> Identity:
    return enrol_device(resident)


@pytest.fixture
def connect(broker: BrokerProcess) -> Iterator[Callable[..., Tablet]]:
    """Brings an identity to the broker."""
    tablets: list[Tablet] = []

    def connect(identity: Identity, **options: Any) -> Tablet:
        made = Tablet(identity, broker.place.device_port, **options)
        tablets.append(made)
        return made.connect()

    yield connect
    for each in tablets:
        each.leave()


@pytest.fixture
def tablet(connect: Callable[..., Tablet], enrolled_device: Identity) -> Tablet:
    """The resident's device, connected, and new: it has no document yet."""
    made = connect(enrolled_device)
    made.appear()
    return made


class _Deaf:
    """Listens to a session and does nothing."""

    def connected(self) -> None:
        pass

    def arrived(self, message: Arrived) -> None:
        pass

    def sent(self, mid: int, refusal: str, /) -> None:
        pass

    def disconnected(self, reason: str) -> None:
        pass


@pytest.fixture
def desk(broker: BrokerProcess) -> Iterator[Session]:
    """The desk's way to the broker, without a worker behind it."""
    session = Session(link_settings("desk-by-hand", brokers()[0]), _Deaf())
    session.open()
    eventually(lambda: session.is_connected, "the desk is connected")
    yield session
    session.close()


@contextlib.contextmanager
def running_worker() -> Iterator[Worker]:
    """A link worker in a thread of its own, connected and with partitions to serve."""
    made = Worker()
    thread = threading.Thread(target=made.run, name="link worker")
    thread.start()
    try:
        eventually(lambda: made.is_connected and made.partitions, "the worker serves", 20)
        yield made
    finally:
        made.stop()
        thread.join(timeout=10)
    assert not thread.is_alive()


@pytest.fixture
def worker(broker: BrokerProcess, transactional_db: None) -> Iterator[Worker]:
    """A link worker for all partitions, connected."""
    with running_worker() as made:
        yield made


@pytest.fixture
def desk_command(
    tmp_path: Path, authority: Authority, transactional_db: None
) -> Iterator[Callable[..., DeskProcess]]:
    """Starts ``python -m cloud …`` in a process of its own, on the database of this test."""
    running: list[DeskProcess] = []

    def start(*arguments: str) -> DeskProcess:
        log = tmp_path / f"desk-{len(running)}.log"
        process = DeskProcess(arguments, log, _environment(tmp_path / "desk"))
        running.append(process)
        return process

    yield start
    for process in running:
        process.end(signal.SIGKILL)


@dataclass(frozen=True)
class DeskAddresses:
    """A running desk: where people and where devices come in, and how devices know it."""

    pages: str
    devices: str
    authority: Path


@pytest.fixture
def desk_addresses(authority: Authority, transactional_db: None) -> Iterator[DeskAddresses]:
    """The desk, served in this process on free ports as ``python -m cloud serve`` does it."""
    pages, devices = free_ports(2)
    servers = [
        serve.page_server(("127.0.0.1", pages)),
        serve.device_server(authority, ("127.0.0.1", devices)),
    ]

    async def run() -> None:
        await asyncio.gather(*(server.serve() for server in servers))

    thread = threading.Thread(target=lambda: asyncio.run(run()), name="desk")
    thread.start()
    eventually(lambda: all(server.started for server in servers), "the desk answers")
    yield DeskAddresses(
        f"http://localhost:{pages}", f"https://localhost:{devices}", authority.certificate_file
    )
    live_updates.close()
    eventually(lambda: not remote_view.stopping, "every remote view has ended")
    for server in servers:
        server.should_exit = True
    thread.join(timeout=10)
    assert not thread.is_alive()
    # Ending a remote view has sent a notification once more.
    live_updates.close()


def _environment(data: Path) -> dict[str, str]:
    """The settings of this test, as another process gets them."""
    from django.conf import settings
    from django.db import connection

    here = connection.settings_dict
    environment = {
        "KOTIRUUTU_DESK_DATA": str(data),
        "KOTIRUUTU_BROKER_HOST": settings.BROKER_HOST,
        "KOTIRUUTU_BROKER_DEVICE_PORT": str(settings.BROKER_DEVICE_PORT),
        "KOTIRUUTU_BROKER_DESK_PORT": str(settings.BROKER_DESK_PORT),
    }
    if connection.vendor == "postgresql":
        place = f"{here['HOST']}:{here['PORT']}/{here['NAME']}"
        return environment | {"KOTIRUUTU_DESK_DATABASE": f"postgresql://{here['USER']}@{place}"}
    database = data / "desk.sqlite3"
    if not database.exists():
        database.symlink_to(here["NAME"])
    return environment
