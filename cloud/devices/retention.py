"""Deletes expired messages between devices and desk; domains register their own tables."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Literal, NamedTuple

from django.db.models import Q, QuerySet

from cloud.delivery.models import Delivery
from cloud.devices.models import (
    Claim,
    DeviceCommand,
    DeviceEvent,
    DeviceFault,
    RejectedInput,
    RetentionPeriods,
    UsedToken,
)
from cloud.notices.models import Notice
from cloud.organisations.models import Organisation

Period = Literal["", "help_days", "call_days"]


class Kept(NamedTuple):
    """Rows that expire, and after how long; ``period`` is where organisations set it for themselves."""

    days: int
    older_than: Callable[[datetime], QuerySet]  # type: ignore[type-arg]
    period: Period = ""


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


def register(
    name: str,
    days: int,
    older_than: Callable[[datetime], QuerySet],  # type: ignore[type-arg]
    period: Period = "",
) -> None:
    """Register rows that are kept for so many days; 0 is for ever."""
    if days or period:
        KEPT[name] = Kept(days, older_than, period)


def forget(now: datetime) -> dict[str, int]:
    """Delete expired rows; return how many of each kind."""
    return {name: sum(rows.delete()[0] for rows in _expired(kept, now)) for name, kept in KEPT.items()}


def _expired(kept: Kept, now: datetime) -> Iterator[QuerySet]:  # type: ignore[type-arg]
    if not kept.period:
        yield kept.older_than(now - timedelta(days=kept.days))
        return
    for organisation in Organisation.objects.all():
        if days := _days(kept, organisation):
            rows = kept.older_than(now - timedelta(days=days))
            place = getattr(rows.model, "organisation_path", "organisation")
            yield rows.filter(**{place: organisation})


def _days(kept: Kept, organisation: Organisation) -> int:
    nearest = RetentionPeriods.objects.nearest_first(organisation)
    own: Iterator[int | None] = (getattr(row, kept.period) for row in nearest)
    return next((days for days in own if days is not None), kept.days)
