"""``python -m cloud revoke``: a device that was lost or stolen is trusted no more."""

from argparse import ArgumentParser

from django.core.management.base import BaseCommand, CommandError

from cloud.devices.authority import desk_authority
from cloud.devices.models import Device
from cloud.devices.revocation import drop, revoke


class Command(BaseCommand):
    help = "Revokes a device's certificate, and ends its connection."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("device", help="the device's id: 16 letters and digits")

    def handle(self, *_args: str, device: str, **_options: object) -> None:
        row = Device.objects.filter(pk=device).first()
        if row is None:
            raise CommandError(f"there is no device {device}")
        authority = desk_authority()
        revoke(row, authority)
        self.stdout.write(f"Revoked. {authority.revocations_file} is new: let the broker read it (SIGHUP),")
        self.stdout.write("then run this command once more, so that the device is not connected again.")
        if not drop(row):
            raise CommandError("The broker does not answer: the device may still be connected.")
        self.stdout.write(f"{device} is disconnected, and the broker keeps nothing for it.")
