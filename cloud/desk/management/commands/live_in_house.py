"""``python -m cloud live_in_house``: fills the demo's house, and answers its calls for help."""

import json
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from cloud.desk.demo.home import NURSE_OF_THE_HOUSE
from cloud.desk.demo.neighbours import move_in
from cloud.desk.demo.past import remember
from cloud.desk.demo.staff import work_until_ended
from cloud.devices.models import Device
from cloud.organisations.models import User


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
            work_until_ended(nurse, set(house))
