"""Opening and office hours, computed alike by desk and device (S7, V25)."""

from collections.abc import Collection
from datetime import datetime, time, timedelta
from typing import Annotated

from msgspec import Meta, Struct

from device.contract.values import LocalTime


class OpeningHours(Struct, frozen=True, kw_only=True):
    """Open on these ISO weekdays (1 is Monday); ``closes`` at or before ``opens`` is the next day (V25)."""

    days: Annotated[list[Annotated[int, Meta(ge=1, le=7)]], Meta(min_length=1, max_length=7)]
    opens: LocalTime
    closes: LocalTime


def in_office_hours(
    local: datetime, opens: time, until: time, closed_on: Collection[str] = frozenset()
) -> bool:
    """Return whether the office is open at ``local``, a wall time of the resident's zone; workdays only.

    ``closed_on`` are days as YYYY-MM-DD. ``until`` at or before ``opens`` is the next day; the night belongs
    to the day on which it began.
    """
    wall = local.time().replace(tzinfo=None)
    if opens < until:
        return _is_working_day(local, closed_on) and opens <= wall < until
    if wall >= opens:
        return _is_working_day(local, closed_on)
    return wall < until and _is_working_day(local - timedelta(days=1), closed_on)


def _is_working_day(day: datetime, closed_on: Collection[str]) -> bool:
    return day.isoweekday() <= 5 and day.date().isoformat() not in closed_on
