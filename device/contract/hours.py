"""What office hours mean, for the desk and for the device alike (S7)."""

from datetime import datetime, time, timedelta


def in_office_hours(local: datetime, opens: time, until: time) -> bool:
    """Whether the office answers at ``local``, a wall time of the resident's zone: on weekdays only.

    ``until`` at or before ``opens`` is the next day; the night belongs to the day on which it began.
    """
    wall = local.time().replace(tzinfo=None)
    if opens < until:
        return _is_weekday(local) and opens <= wall < until
    if wall >= opens:
        return _is_weekday(local)
    return wall < until and _is_weekday(local - timedelta(days=1))


def _is_weekday(day: datetime) -> bool:
    return day.isoweekday() <= 5
