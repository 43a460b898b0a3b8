"""One care desk, one broker and several homes, each part a real process that can be killed."""

import json
import textwrap
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Self

from provisioning import broker
from provisioning.demo.desk import Desk
from provisioning.demo.managed_process import ManagedProcess
from provisioning.demo.neighbours import Neighbours
from provisioning.demo.place import Place
from provisioning.demo.ports import Ports, answers
from provisioning.demo.tablet import Tablet
from tests.campaign.partner import StreetPartner
from tests.flows.proxy import Relay

# English screens: the campaign reads them. Numbers are made of the home's own.
FURNISH = """
import json
from cloud.organisations.models import Organisation
from cloud.people.models import CareSettings, EscalationContact, Resident
from cloud.screens.models import ResidentView
organisation = Organisation.objects.get(name="Lehmuskoto")
found = []
for number in range(COUNT):
    resident = Resident.objects.create(organisation=organisation, first_name="Aino", last_name=f"No{number}")
    ResidentView.objects.create(resident=resident, language="en", clock=True)
    CareSettings.objects.create(resident=resident, sms_wait_s=30)
    for order, name in enumerate(("Leena", "Otto")):
        phone = f"+3584{order}{number:07}"
        email = f"{name}{number}@example.org"
        EscalationContact.objects.create(
            resident=resident, name=name, office_phone=phone, email=email, order=order
        )
    found.append(resident.pk)
print(json.dumps(found))
"""


@dataclass(frozen=True)
class HomePlace(Place):
    """A folder of its own, at the desk of the street."""

    street: Place

    @cached_property
    def ports(self) -> Ports:
        """The desk's and the broker's."""
        return self.street.ports

    @property
    def desk(self) -> Path:
        return self.street.desk

    @cached_property
    def environment(self) -> dict[str, str]:
        """As everywhere in the street."""
        return self.street.environment


class Street:
    """``homes`` tablets without windows, each behind a relay to the broker. A context manager.

    ``neighbours`` are simulated tablets whose residents live, ask for help and are helped meanwhile.
    """

    def __init__(self, folder: Path, homes: int, neighbours: int = 0) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.place = place = Place(folder)
        self._broker_place = broker.BrokerPlace(
            directory=folder / "broker",
            pki=place.desk / "pki",
            device_port=place.ports.broker_devices,
            desk_port=place.ports.broker_desk,
        )
        command = broker.command(folder / "broker" / "mosquitto.conf")
        self.broker = ManagedProcess(
            "the broker", command, log=place.log("broker"), environment=place.environment
        )
        self.desk = Desk(place)
        self.accounts: list[dict[str, str]] = []
        self.tablets = [Tablet(HomePlace(folder / f"h{number}", place)) for number in range(homes)]
        self.places = [HomePlace(folder / f"h{number}", place) for number in range(homes)]
        # Enrolled as all are, and never at home: it floods the desk when the weather wants it.
        self.stranger = Tablet(HomePlace(folder / "stranger", place))
        self.partner = StreetPartner(self.desk, place)
        nurse = ("tests.campaign.neighbours", str(neighbours))
        self._neighbours = (
            Neighbours(place, self.desk.authority, nurse, 60 + neighbours / 5) if neighbours else None
        )
        self.relays = [Relay(place.ports.broker_devices) for _ in range(homes)]

    def __enter__(self) -> Self:
        self.accounts = self.desk.prepare().seed["accounts"]
        broker.configure(self._broker_place)
        self.broker.start()
        self.desk.start()
        furnish = textwrap.dedent(FURNISH).replace("COUNT", str(len(self.tablets) + 1))
        residents: list[int] = json.loads(self.desk.run("shell", "-v", "0", "-c", furnish))
        self.desk.wait()
        with ThreadPoolExecutor(2) as both:
            list(
                both.map(
                    lambda pair: pair[0].prepare(self.desk, pair[1]),
                    zip((*self.tablets, self.stranger), residents, strict=True),
                )
            )
        for tablet, relay in zip(self.tablets, self.relays, strict=True):
            relay.__enter__()
            file = tablet.identity / "link.json"
            file.write_text(json.dumps(json.loads(file.read_text()) | {"broker_port": relay.port}))
        if self._neighbours:
            self._neighbours.start()
        return self

    def __exit__(self, *_: object) -> None:
        for tablet in self.tablets:
            tablet.core.stop()
        if self._neighbours:
            self._neighbours.stop()
        desk = self.desk
        parts = (
            *desk.cafe_parts,
            desk.escalation,
            desk.link,
            desk.devices,
            desk.pages,
            desk.signer,
            self.broker,
        )
        for part in parts:
            part.stop()
        desk.inspector.close()
        for relay in self.relays:
            relay.__exit__()

    def broker_answers(self) -> bool:
        """Return whether devices could connect."""
        return answers(self.place.ports.broker_devices)
