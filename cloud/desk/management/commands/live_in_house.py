"""``python -m cloud live_in_house``: fills the demo's house, and answers its calls for help."""

import json
import signal
from pathlib import Path
from threading import Event

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import close_old_connections
from django.utils import timezone

from cloud.desk.demo.home import NURSE_OF_THE_HOUSE
from cloud.desk.demo.neighbours import move_in
from cloud.desk.demo.past import remember
from cloud.desk.demo.staff import work
from cloud.devices.models import Device
from cloud.notify import live_updates
from cloud.organisations.models import User

LOOKS_EVERY_S = 5.0


class Command(BaseCommand):
    """Prepares the simulated devices' identities, then works as their nurse until it is ended."""

    help = "Fills the demo's house and answers its calls for help. Run seed_demo first."

    def add_arguments(self, parser: CommandParser) -> None:
        """Add how many devices there are, and where their keys are kept."""
        parser.add_argument("--devices", type=int, default=30)
        parser.add_argument("--into", type=Path, required=True)
        parser.add_argument("--once", action="store_true", help="only prepare")

    def handle(self, *_args: object, devices: int, into: Path, once: bool, **_options: object) -> None:
        """Write ``done.json`` once everything is there: devices, and whom their residents call."""
        nurse = User.objects.filter(username=NURSE_OF_THE_HOUSE).first()
        if nurse is None:
            raise CommandError("There is no demo: run seed_demo first.")
        house = move_in(nurse.organisation, devices, into)
        simulated = Device.objects.filter(pk__in=house).select_related("organisation", "resident")
        remember(list(simulated), nurse, timezone.now())
        part = into / "done.part"
        part.write_text(json.dumps(house), encoding="utf-8")
        part.rename(into / "done.json")
        if not once:
            _answer(nurse, set(house))


def _answer(nurse: User, house: set[str]) -> None:
    stopping = Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stopping.set())
    live_updates.here()
    while not stopping.wait(LOOKS_EVERY_S):
        close_old_connections()
        work(nurse, house, timezone.now())
    live_updates.close()
