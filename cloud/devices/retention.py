"""What passed between devices and desk is forgotten once nobody needs it any more; domains add their own."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import NamedTuple

from django.db.models import Q, QuerySet

from cloud.delivery.models import Delivery
from cloud.devices.models import Claim, DeviceCommand, DeviceEvent, DeviceFault, RejectedInput, UsedToken
from cloud.notices.models import Notice


class Kept(NamedTuple):
    """Rows that are old at a moment, and for how long they are kept after that."""

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
    """Adds rows that are kept for so many days; 0 is for ever."""
    if days:
        KEPT[name] = Kept(days, older_than)


def forget(now: datetime) -> dict[str, int]:
    """How many rows of each kind were deleted."""
    return {name: kept.older_than(now - timedelta(days=kept.days)).delete()[0] for name, kept in KEPT.items()}
