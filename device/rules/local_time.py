"""Wall time in a zone, with the hours that daylight saving takes away or gives twice."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo


def at(day: date, wall: str, zone: ZoneInfo) -> datetime:
    """``HH:MM`` of that day, as ``settle`` reads it; of a time that exists twice, the first."""
    local = datetime.combine(day, time.fromisoformat(wall), tzinfo=zone)
    return settle(local)


def settle(local: datetime) -> datetime:
    """The same instant by a wall time that exists (RFC 5545, 3.3.5 for times in the gap)."""
    return local.astimezone(UTC).astimezone(local.tzinfo)


def day_span(day: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """From midnight to midnight: 23, 24 or 25 hours."""
    return at(day, "00:00", zone), at(day + timedelta(days=1), "00:00", zone)


def is_within(wall: str, start: str, end: str) -> bool:
    """Whether ``HH:MM`` lies in [start, end), also over midnight; equal ends are the whole day."""
    if start < end:
        return start <= wall < end
    return wall >= start or wall < end
