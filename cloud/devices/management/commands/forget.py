"""``python -m cloud forget``: deletes expired data; to be run once a day."""

from django.core.management.base import BaseCommand
from django.utils import timezone

from cloud.devices.retention import forget


class Command(BaseCommand):
    help = "Deletes old commands, events and claims. How long each is kept: docs/for-desk-staff.md."

    def handle(self, *_args: str, **_options: object) -> None:
        for name, count in forget(timezone.now()).items():
            self.stdout.write(f"{name}: {count} deleted")
