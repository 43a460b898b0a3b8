"""``python -m cloud revoke``: revokes a lost or stolen device."""

import os
import signal
from argparse import ArgumentParser

from django.core.management.base import BaseCommand, CommandError

from cloud.devices.models import Device
from cloud.devices.revocation import drop, revoke, still_lets_in
from cloud.pki.authority import desk_authority

AGAIN = "Let the broker read {file} (SIGHUP), then run this command again: until then it may come back."


class Command(BaseCommand):
    help = "Revokes a device's certificate, ends its connection, and takes its documents from the broker."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("device", help="the device's id: 16 letters and digits")
        parser.add_argument(
            "--broker-pid", type=int, help="process id of a broker on this computer, to reload (SIGHUP)"
        )

    def handle(self, *_args: str, device: str, broker_pid: int | None, **_options: object) -> None:
        row = Device.objects.filter(pk=device).first()
        if row is None:
            raise CommandError(f"there is no device {device}")
        authority = desk_authority()
        probe = revoke(row, authority)
        self.stdout.write(f"{device} is revoked.")
        if broker_pid:
            os.kill(broker_pid, signal.SIGHUP)
        else:
            self.stdout.write(AGAIN.format(file=authority.revocations_file))
        _disconnect(row)
        if loose := still_lets_in(probe, authority):
            raise CommandError(f"not refused yet at {', '.join(loose)}: the device may come back")
        # It may have come back before the broker had the list; from here on it cannot.
        _disconnect(row)
        self.stdout.write("It is disconnected, the broker keeps nothing for it, and refuses it from now on.")


def _disconnect(device: Device) -> None:
    if not drop(device):
        raise CommandError("the broker does not answer: the device may still be connected")
