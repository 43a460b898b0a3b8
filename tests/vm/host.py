"""The desk that an emulated tablet reaches: real, on this computer, at QEMU's address for it."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import msgspec
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, load_pem_private_key

from device.contract.checks import read_document
from device.contract.claim import Invitation, invitation_text, mark_of
from device.contract.documents import AnyDocument, Document, View
from provisioning.demo.inspector import field
from provisioning.demo.stack import Stack
from tests.vm.disk import HOST
from tests.vm.releases import Releases
from tests.vm.time_server import TimeServer

_ADD_A_RESIDENT = """
from cloud.devices.claims import issue_claim
from cloud.people.models import Resident
from cloud.screens.models import ResidentView
home = Resident.objects.get(last_name="Virtanen", first_name="Aino").organisation
there, _ = Resident.objects.get_or_create(organisation=home, first_name="Eino", last_name="Aalto")
ResidentView.objects.get_or_create(resident=there, defaults={"clock": True, "date": True})
print(home.name)
print(issue_claim(home, there))
"""
_ADD_A_RELATIVE = """
from datetime import timedelta
from cloud.calls import links
from cloud.devices.documents import refresh_resident
from cloud.people.models import Contact, Relation, Resident
resident = Resident.objects.get(last_name="Aalto", first_name="Eino")
relative, _ = Contact.objects.get_or_create(
    organisation=resident.organisation, first_name="Liisa", last_name="Aalto", role=Contact.Role.RELATIVE
)
Relation.objects.get_or_create(resident=resident, contact=relative)
refresh_resident(resident)
_link, secret = links.make(relative, by=None, lifetime=timedelta(days=1))
print(links.address(secret))
"""
_OFFER = """
from cloud.organisations.models import User
from cloud.releases.models import Release
from cloud.releases.rings import extend
extend(Release.objects.get(version="{version}"), Release.Reach.ALL, User.objects.first())
"""
# Releases are installed at night: the resident lives where it is night now.
_MOVE = """
from cloud.devices.documents import refresh
from cloud.devices.models import Device
from cloud.screens.models import ResidentView
view = ResidentView.objects.get(resident__last_name="Aalto")
view.time_zone = "{zone}"
view.save()
for device in Device.objects.filter(resident=view.resident):
    refresh(device)
"""
# From then on by local time a release is installed.
_FROM = timedelta(hours=2, minutes=31)
_NIGHT = [f"{hour:02}:{minute:02}" for hour in (2, 3) for minute in range(60)][31:]
_CLOSE = """
from cloud.help import board
from cloud.help.models import HelpRequest
from cloud.organisations.models import User
for request in HelpRequest.objects.filter(device__resident__last_name="Aalto", closed_at=None):
    seen = lambda user: HelpRequest.objects.visible_to(user).filter(pk=request.pk).exists()
    nurse = next(filter(seen, User.objects.all()))
    if not request.taken_at:
        board.take(request.pk, nurse)
    board.close(request.pk, nurse, HelpRequest.Outcome.TEST)
"""
_GIVE_CERTIFICATE = """
from cloud.devices.models import Device
Device.objects.filter(pk="{device}").update(certificate_pem='''{pem}''')
"""
_RESIDENT = "Aalto"
# Certificates that end in the past began before it.
_LONG_AGO = timedelta(days=900)


class Host:
    """Broker, the desk's pages and devices' port, link worker and a time server."""

    def __init__(self, folder: Path) -> None:
        self._stack = Stack(folder, display="none")
        # The tablet's name for this computer is not its own.
        environment = self._stack.place.environment
        environment["KOTIRUUTU_BROKER_HOST"] = HOST
        environment["KOTIRUUTU_BROKER_DESK_HOST"] = "localhost"
        self._time = TimeServer()
        self.organisation = ""

    def start(self) -> None:
        """Start everything that a tablet needs."""
        self._time.start()
        desk = self._stack.desk
        desk.prepare()
        desk.run("make_authority", "--host", HOST)
        self._stack.start_broker()
        desk.signer.start()
        desk.pages.start()
        desk.devices.start()
        desk.link.start()
        self._stack.broker.wait_until(self._stack.broker_answers)
        desk.wait()

    def stop(self) -> None:
        self._stack.stop()
        self._time.stop()

    @property
    def address(self) -> str:
        """Return the address that an installer types."""
        return f"{HOST}:{self._stack.place.ports.devices}"

    @property
    def mark(self) -> str:
        """By which the desk's authority is recognised."""
        pem = self._stack.desk.authority.read_bytes()
        return mark_of(x509.load_pem_x509_certificate(pem).public_bytes(Encoding.DER))

    def claim(self) -> str:
        """Eight letters for a new resident's device."""
        self.organisation, claim = self._stack.desk.run("shell", "-c", _ADD_A_RESIDENT).split("\n")[-3:-1]
        return claim.replace("-", "")

    def invitation(self) -> str:
        """The text of the QR code for a new resident's device."""
        port = self._stack.place.ports.devices
        return invitation_text(Invitation(host=HOST, claim=self.claim(), port=port, mark=self.mark))

    def trust(self, releases: Releases) -> None:
        """Those signed with this key are taken in. Before ``start``."""
        self._stack.place.environment["KOTIRUUTU_RELEASE_KEY_FILE"] = str(releases.public)

    def offer(self, file: Path, version: str) -> None:
        """To all devices, and it is night."""
        self._stack.desk.run("add_release", str(file))
        self._stack.desk.run("shell", "-c", _OFFER.format(version=version))
        self.keep_it_night()

    def keep_it_night(self) -> None:
        """The resident moves on before the morning comes."""
        now, view = datetime.now(UTC), self.documents()["view"]
        assert isinstance(view, View)
        if now.astimezone(ZoneInfo(view.time_zone)).strftime("%H:%M") not in _NIGHT:
            self._stack.desk.run("shell", "-c", _MOVE.format(zone=_zone_of_night(now)))

    def stage_of(self, version: str) -> tuple[str, str]:
        """Return the tablet's last report on a release, and its reason; empty before the first."""
        rows = self._stack.desk.rows(
            "releases.DeviceRelease",
            "stage",
            "reason",
            version=version,
            device__resident__last_name=_RESIDENT,
        )
        return (str(rows[0][0]), str(rows[0][1])) if rows else ("", "")

    def version(self) -> str:
        """Of the software that the tablet's last heartbeat named."""
        return str(self._of_device("heartbeat__version"))

    def add_relative(self) -> str:
        """Liisa, who may be called; the address of her personal link."""
        path = self._stack.desk.run("shell", "-c", _ADD_A_RELATIVE).split("\n")[-2]
        return f"{self._stack.desk.url}{path}"

    def documents(self) -> dict[str, AnyDocument]:
        """Return what the resident's tablet should show."""
        rows = self._stack.desk.rows(
            "devices.DesiredDocument", "name", "version", "body", device__resident__last_name=_RESIDENT
        )
        return {
            name: read_document(name, msgspec.json.encode(body | {"version": version}))
            for name, version, body in rows
        }

    def is_talking(self) -> bool:
        """Whether the desk knows a call of the resident's that is connected."""
        rows = self._stack.desk.rows(
            "calls.Call", "pk", state="connected", device__resident__last_name=_RESIDENT
        )
        return bool(rows)

    def has_painted(self, name: Document = "view") -> bool:
        """Whether the desk knows that the newest of this document is on the tablet's display."""
        rows = self._stack.desk.rows(
            "devices.DesiredDocument",
            "pk",
            name=name,
            painted_version=field("version"),
            device__resident__last_name=_RESIDENT,
        )
        return bool(rows)

    def device(self) -> str:
        """Return the id of the resident's tablet."""
        return str(self._of_device("pk"))

    def certificate(self) -> x509.Certificate:
        """Return the tablet's newest."""
        return x509.load_pem_x509_certificate(str(self._of_device("certificate_pem")).encode())

    def give_certificate(self, left: timedelta) -> str:
        """A certificate for the tablet's key that ends after so long, as PEM; the desk knows no other."""
        now, known = datetime.now(UTC), self.certificate()
        key = load_pem_private_key((self._stack.place.signer / "ca.key").read_bytes(), None)
        assert isinstance(key, EllipticCurvePrivateKey)
        certificate = x509.CertificateBuilder(
            issuer_name=known.issuer,
            subject_name=known.subject,
            public_key=known.public_key(),
            serial_number=x509.random_serial_number(),
            not_valid_before=now - _LONG_AGO,
            not_valid_after=now + left,
            extensions=list(known.extensions),
        ).sign(key, SHA256())
        pem = certificate.public_bytes(Encoding.PEM).decode()
        self._stack.desk.run("shell", "-c", _GIVE_CERTIFICATE.format(device=self.device(), pem=pem))
        return pem

    def has_right_clock(self) -> bool:
        """Whether the tablet's last heartbeat says that its clock is synchronised."""
        return self._of_device("heartbeat__clock_trusted") is True

    def has_copied_identity(self) -> bool:
        """Whether the desk knows that another tablet has this one's identity."""
        rows = self._stack.desk.rows(
            "devices.DeviceFault", "pk", part="identity", device=self.device(), ended_at=None
        )
        return bool(rows)

    def is_wiped(self, device: str) -> bool:
        """Whether a retired tablet has proved that nothing is left on it."""
        rows = self._stack.desk.rows("devices.Retirement", "pk", device=device, wiped_at__isnull=False)
        return bool(rows)

    def heard_at(self) -> str:
        """Return when the tablet's last message arrived."""
        return str(self._of_device("heard_at"))

    def close_help(self) -> None:
        """Somebody has been there: nothing is open any more."""
        self._stack.desk.run("shell", "-c", _CLOSE)

    def requests(self) -> int:
        """Calls for help from the tablet."""
        return len(self._stack.desk.rows("help.HelpRequest", "pk", device__resident__last_name=_RESIDENT))

    def _of_device(self, field: str) -> object:
        """Return a field of the resident's tablet; nothing where there is none."""
        rows = self._stack.desk.rows("devices.Device", field, resident__last_name=_RESIDENT)
        return rows[0][0] or "" if rows else ""


def _zone_of_night(now: datetime) -> str:
    """A zone of whole hours in which the night has just begun; Etc/GMT counts westwards."""
    zones = [f"Etc/GMT{west:+d}" for west in range(-14, 13) if west] + ["Etc/GMT"]
    return min(zones, key=lambda zone: (now.astimezone(ZoneInfo(zone)) - _FROM).strftime("%H:%M"))
