"""Wall time in a zone, with the hours that daylight saving takes away or gives twice."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo


def at(day: date, wall: str, zone: ZoneInfo) -> datetime:
    """``HH:MM`` of that day, as ``settle`` reads it; of a time that exists twice, the first."""
    local = datetime.combine(day, time.fromisoformat(wall), tzinfo=zone)
    return settle(local)


def settle(local: datetime) -> datetime:
    """The same instant by a wall time that exists (RFC 5545, 3.3.5 for times in the gap)."""
    return local.astimezone(UTC).astimezone(local.tzinfo)
