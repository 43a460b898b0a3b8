"""Commands to a device: stored first, then sent until they are answered or have expired."""

from datetime import timedelta

import msgspec
from django.utils import timezone

from cloud.devices.models import Device, DeviceCommand
from cloud.link import nudge
from cloud.organisations.models import User
from device.contract.commands import Command
from device.contract.identity import new_id


def issue(device: Device, body: Command, *, by: User | None, lifetime: timedelta) -> DeviceCommand:
    """Stores the command; the link sends it as soon as this is committed."""
    now = timezone.now()
    command = DeviceCommand.objects.create(
        id=new_id(now),
        device=device,
        body=msgspec.to_builtins(body),
        issued_by=by,
        expires_at=now + lifetime,
    )
    nudge.wake(device)
    return command
