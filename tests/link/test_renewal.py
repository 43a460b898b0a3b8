"""A certificate is renewed against a real desk and a real broker; only a proved one takes its place."""

import asyncio
import queue
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding

from cloud.devices.errors import RenewalRefused
from cloud.devices.models import Device, Revocation
from cloud.devices.renewal import renew
from cloud.devices.revocation import revoke
from cloud.pki import certificates
from cloud.pki.authority import Authority
from device.contract.topics import PRESENCE
from device.contract.vital import Presence
from device.contract.wire import seal
from device.https_tasks import HttpsDesk
from device.link.events import Connected, LinkEvent
from device.link.pace import LAST_S
from device.link.session import Session
from device.renewal import CertificateRenewal
from device.rules.effects import RenewCertificate
from device.rules.events import CertificateRead, Event, FaultChanged, RenewalEnded
from device.rules.now import Now
from device.rules.state import State
from device.settings import Identity as DeviceIdentity
from hal.ports import ClockReading
from tests.link.broker_process import BrokerProcess
from tests.link.fixtures import DeskAddresses
from tests.link.tablet import Identity
from tests.link.waiting import eventually

pytestmark = [pytest.mark.requirement("K16"), pytest.mark.django_db(transaction=True)]


class WrongClock:
    """The machine's clock, or one that its time server has set wrong."""

    def __init__(self, wrong_by: timedelta = timedelta(0)) -> None:
        self._wrong_by = wrong_by

    def read(self) -> ClockReading:
        return ClockReading(datetime.now(UTC) + self._wrong_by, 0.0, trusted=True)


class Home:
    """A device's session and renewal, with what came of them."""

    def __init__(self, identity: Identity, desk_url: str, broker_port: int, clock: WrongClock) -> None:
        (identity.directory / "ca.pem").write_bytes(identity.authority.read_bytes())
        self.identity = DeviceIdentity(
            device=identity.id,
            desk_url=desk_url,
            broker_host="localhost",
            broker_port=broker_port,
            folder=identity.directory,
        )
        self.clock = clock
        self.events: list[Event] = []
        self.heard: queue.Queue[LinkEvent] = queue.Queue()
        self.session = Session(
            self.identity,
            brokers=list,
            make_will=_will,
            heard=self.heard.put,
            moved=lambda: None,
        )
        self.session.start()

    @property
    def serial(self) -> int:
        return x509.load_pem_x509_certificate(self.identity.certificate.read_bytes()).serial_number

    def is_linked(self, times: int = 1) -> bool:
        return list(self.heard.queue).count(Connected()) >= times

    def renew(self) -> str:
        """Why it failed, or nothing."""

        async def run() -> None:
            https = HttpsDesk(self.identity, self.clock)
            renewal = CertificateRenewal(self.identity, https, self.session, self.events.append)
            now = Now(wall=datetime.now(UTC), monotonic_s=0.0, trusted=True, id="id")
            renewal.performs()[RenewCertificate](RenewCertificate(), State(), now)
            while not any(isinstance(event, RenewalEnded) for event in self.events):
                await asyncio.sleep(0.02)

        asyncio.run(asyncio.wait_for(run(), 30))
        (ended,) = [event for event in self.events if isinstance(event, RenewalEnded)]
        return ended.reason


def _will() -> bytes:
    return seal(Presence(online=False, session=1), PRESENCE.type, sent_at=datetime.now(UTC))


Issue = Callable[[timedelta], bytes]


@pytest.fixture
def issue(enrolled_device: Identity, authority: Authority) -> Issue:
    """Certificates of the desk's for the resident's device that end after so long."""

    def issue(left: timedelta) -> bytes:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(certificates, "DEVICE_LIFE", left)
            patch.setattr(certificates, "BEFORE", timedelta(days=900))
            return authority.sign(request_of(enrolled_device.key).encode()).pem.encode()

    return issue


@pytest.fixture
def home(
    desk_addresses: DeskAddresses, broker: BrokerProcess, enrolled_device: Identity, issue: Issue
) -> Iterator[Callable[..., Home]]:
    """The resident's device, with a certificate that ends after so long."""
    homes: list[Home] = []

    def make(left: timedelta, clock: WrongClock | None = None) -> Home:
        pem = issue(left)
        Device.objects.filter(pk=enrolled_device.id).update(certificate_pem=pem.decode())
        enrolled_device.certificate_file.write_bytes(pem)
        port = broker.place.device_port
        homes.append(Home(enrolled_device, desk_addresses.devices, port, clock or WrongClock()))
        return homes[-1]

    yield make
    for each in homes:
        each.session.stop()


def request_of(key: ec.EllipticCurvePrivateKey) -> str:
    request = x509.CertificateSigningRequestBuilder().subject_name(x509.Name([])).sign(key, SHA256())
    return request.public_bytes(Encoding.PEM).decode()


def test_one_near_its_end_is_replaced_by_one_that_the_broker_took(home: Callable[..., Home]) -> None:
    """The file changes after the proof; the rules learn the new end, and the link goes on."""
    device = home(timedelta(days=20))
    eventually(device.is_linked, "linked with the old one")
    before = device.serial
    assert device.renew() == ""
    assert device.serial != before
    (read,) = [event for event in device.events if isinstance(event, CertificateRead)]
    assert read.ends_at > datetime.now(UTC) + timedelta(days=1000)
    assert not (device.identity.folder / "certificate.new.pem").exists()
    assert device.is_linked(times=2)


def test_a_tablet_that_was_away_for_months_comes_back(home: Callable[..., Home]) -> None:
    """The broker refuses what has ended; the desk renews it within its grace."""
    device = home(-timedelta(days=90))
    assert device.renew() == ""
    assert device.is_linked()


@pytest.mark.parametrize("years", [-50, -1, 1, 50])
def test_a_wrong_clock_is_no_reason_to_be_locked_out(home: Callable[..., Home], years: int) -> None:
    """Also where a time server has set it: the desk refuses the first token, and its time makes the next."""
    device = home(-timedelta(days=1), WrongClock(timedelta(days=years * 365)))
    assert device.renew() == ""
    assert device.is_linked()


def test_what_the_broker_does_not_take_never_replaces_the_old_one(
    home: Callable[..., Home], issue: Issue, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The device stays connected with its old certificate, and reports why."""
    device = home(timedelta(days=20))
    eventually(device.is_linked, "linked with the old one")
    old = device.identity.certificate.read_bytes()
    ended = issue(-timedelta(days=1))

    async def renews_badly(_self: object) -> bytes:
        return ended

    monkeypatch.setattr("device.link.https.DeskOverHttps.renew", renews_badly)
    assert "the broker did not take the new certificate" in device.renew()
    assert device.identity.certificate.read_bytes() == old
    assert any(isinstance(event, FaultChanged) and event.reason for event in device.events)
    # The second try in a row is spread over a fleet's half minute.
    eventually(lambda: device.is_linked(times=2), "linked with the old one again", LAST_S + 10)


def test_the_desk_renews_once_for_the_same_key_within_its_grace(
    enrolled_device: Identity, authority: Authority, issue: Issue, settings: Any
) -> None:
    """An answer that was lost is given again; another key, or one that ended long ago, gets nothing."""
    device = Device.objects.get()
    csr = request_of(enrolled_device.key)
    device.certificate_pem = issue(-timedelta(days=90)).decode()
    device.save()
    with pytest.raises(RenewalRefused, match="same key"):
        renew(device, request_of(ec.generate_private_key(ec.SECP256R1())), authority)
    settings.RENEWAL_GRACE_DAYS = 60
    with pytest.raises(RenewalRefused, match="too long ago"):
        renew(device, csr, authority)
    settings.RENEWAL_GRACE_DAYS = 120
    assert renew(device, csr, authority) == renew(device, csr, authority)


def test_a_revoked_device_loses_its_older_certificates_too(
    enrolled_device: Identity, authority: Authority, issue: Issue
) -> None:
    """A thief must not come in with the one that was renewed and has not ended."""
    device = Device.objects.get()
    old = issue(timedelta(days=20))
    device.certificate_pem = old.decode()
    device.save()
    new = renew(device, request_of(enrolled_device.key), authority)
    device.refresh_from_db()
    revoke(device, authority)
    serials = {str(x509.load_pem_x509_certificate(pem).serial_number) for pem in (old, new.encode())}
    assert set(Revocation.objects.values_list("serial", flat=True)) == serials
