"""Days and hours of the resident's zone."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from device.contract.wall_time import at


def day_span(day: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """Return the day from midnight to midnight: 23, 24 or 25 hours."""
    return at(day, "00:00", zone), at(day + timedelta(days=1), "00:00", zone)


def is_within(wall: str, start: str, end: str) -> bool:
    """Return whether ``HH:MM`` is in [start, end), also across midnight; equal ends are the whole day."""
    if start < end:
        return start <= wall < end
    return wall >= start or wall < end
