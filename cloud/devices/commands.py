"""Commands to a device: stored first, then sent until they are answered or have expired."""

from datetime import timedelta
from typing import Any

import msgspec
from django.db.models import Q, QuerySet
from django.utils import timezone

from cloud.devices.models import Device, DeviceCommand
from cloud.notify import live_updates
from cloud.organisations.models import User
from device.contract import topics
from device.contract.commands import Command
from device.contract.identity import new_id
from device.contract.retirement import Wipe
from device.contract.wire import seal

WIPE = str(Wipe.__struct_config__.tag)
_FOR_THE_DEVICE_ALONE = frozenset({"offer", "ice_servers", "sound", "picture"})


def issue(device: Device, body: Command, *, by: User | None, lifetime: timedelta) -> DeviceCommand:
    """Store the command; the link sends it after the commit."""
    now = timezone.now()
    command = DeviceCommand.objects.create(
        id=new_id(now),
        device=device,
        body=msgspec.to_builtins(body),
        issued_by=by,
        expires_at=now + lifetime,
    )
    live_updates.wake(device.pk)
    return command


def close(command: DeviceCommand, stage: str, reason: str = "") -> None:
    """Close a command; a final answer of the device overrides expiry by the clock.

    Data that only the device needed is deleted: a caller's addresses, and TURN credentials.
    """
    body = {key: value for key, value in command.body.items() if key not in _FOR_THE_DEVICE_ALONE}
    open_ = DeviceCommand.objects.filter(Q(final=False) | Q(stage="expired"), pk=command.pk)
    open_.update(stage=stage, reason=reason, final=True, body=body)


def unanswered() -> QuerySet[DeviceCommand]:
    """Return unanswered commands of enrolled devices, the oldest first; of others only the wipe."""
    return (
        DeviceCommand.objects.filter(final=False, expires_at__gt=timezone.now())
        .exclude(~Q(body__kind=WIPE), device__certificate_pem="")
        .select_related("device")
        .order_by("issued_at")
    )


def envelope(command: DeviceCommand) -> bytes:
    """Return the message for MQTT or HTTPS. Raises ``msgspec.ValidationError``."""
    body: Any = msgspec.convert(command.body, type=Command)
    return seal(
        body,
        topics.COMMAND.type,
        sent_at=command.issued_at,
        id_=str(command.pk),
        expires_at=command.expires_at,
    )
