"""Deletes expired messages between devices and desk; domains register their own tables."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import NamedTuple

from django.db.models import Q, QuerySet

from cloud.delivery.models import Delivery
from cloud.devices.models import Claim, DeviceCommand, DeviceEvent, DeviceFault, RejectedInput, UsedToken
from cloud.notices.models import Notice


class Kept(NamedTuple):
    """Rows that expire, and after how long."""

    days: int
    older_than: Callable[[datetime], QuerySet]  # type: ignore[type-arg]


KEPT = {
    "commands": Kept(7, lambda then: DeviceCommand.objects.filter(expires_at__lt=then)),
    "claims": Kept(7, lambda then: Claim.objects.filter(Q(expires_at__lt=then) | Q(used_at__lt=then))),
    "events": Kept(90, lambda then: DeviceEvent.objects.filter(received_at__lt=then)),
    "inputs that could not be used": Kept(
        90, lambda then: RejectedInput.objects.filter(received_at__lt=then)
    ),
    "used tokens": Kept(1, lambda then: UsedToken.objects.filter(used_at__lt=then)),
    "messages to people": Kept(400, lambda then: Delivery.objects.filter(created_at__lt=then)),
    "notifications": Kept(400, lambda then: Notice.objects.filter(at__lt=then)),
    "faults that are mended": Kept(400, lambda then: DeviceFault.objects.filter(ended_at__lt=then)),
}


def register(name: str, days: int, older_than: Callable[[datetime], QuerySet]) -> None:  # type: ignore[type-arg]
    """Register rows that are kept for so many days; 0 is for ever."""
    if days:
        KEPT[name] = Kept(days, older_than)


def forget(now: datetime) -> dict[str, int]:
    """Delete expired rows; return how many of each kind."""
    return {name: kept.older_than(now - timedelta(days=kept.days)).delete()[0] for name, kept in KEPT.items()}
