"""What office hours mean, for the desk and for the device alike (S7)."""

from collections.abc import Collection
from datetime import datetime, time, timedelta


def in_office_hours(
    local: datetime, opens: time, until: time, closed_on: Collection[str] = frozenset()
) -> bool:
    """Whether the office answers at ``local``, a wall time of the resident's zone: on working days only.

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
