"""The desk that an emulated tablet reaches: real, on this computer, at QEMU's address for it."""

from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from device.contract.claim import mark_of
from provisioning.demo.ports import answers
from provisioning.demo.stack import Stack

# slirp's address of the host (QEMU, user networking).
HOST = "10.0.2.2"
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
_OF_THE_TABLET = (
    "from devices_device join people_resident on resident_id = people_resident.id where last_name = 'Aalto'"
)


class Host:
    """Broker, devices' port and link worker."""

    def __init__(self, folder: Path) -> None:
        self._stack = Stack(folder, display="none")
        self._stack.place.environment["KOTIRUUTU_BROKER_HOST"] = HOST
        self.organisation = ""

    def start(self) -> None:
        """Ready for a tablet."""
        desk = self._stack.desk
        desk.prepare()
        desk.run("make_authority", "--host", HOST)
        self._stack.start_broker()
        desk.devices.start()
        desk.link.start()
        self._stack.broker.wait_until(self._stack.broker_answers)
        desk.devices.wait_until(lambda: answers(self._stack.place.ports.devices))

    def stop(self) -> None:
        """All of it."""
        self._stack.stop()

    @property
    def address(self) -> str:
        """What an installer types."""
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

    def has_painted(self) -> bool:
        """Whether the desk knows that the resident's view is on the tablet's display."""
        question = (
            f"select count(*) from devices_desireddocument where name = 'view' and painted_version = version "
            f"and device_id in (select devices_device.id {_OF_THE_TABLET})"
        )
        return bool(self._stack.desk.ask(question)[0][0])

    def heard_at(self) -> str:
        """When the tablet was last heard of."""
        rows = self._stack.desk.ask(f"select heard_at {_OF_THE_TABLET}")
        return str(rows[0][0]) if rows and rows[0][0] else ""

    def requests(self) -> int:
        """Calls for help from the tablet."""
        its = f"select devices_device.id {_OF_THE_TABLET}"
        question = f"select count(*) from help_helprequest where device_id in ({its})"
        count: int = self._stack.desk.ask(question)[0][0]
        return count
