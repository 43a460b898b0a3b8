"""Wall time in a zone, including the hours that daylight saving skips or repeats."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo


def at(day: date, wall: str, zone: ZoneInfo) -> datetime:
    """Return ``HH:MM`` of that day, resolved by ``resolve_gap``; of a time that exists twice, the first."""
    local = datetime.combine(day, time.fromisoformat(wall), tzinfo=zone)
    return resolve_gap(local)


def resolve_gap(local: datetime) -> datetime:
    """Return the same instant as a wall time that exists (RFC 5545, 3.3.5 for times in the gap)."""
    return local.astimezone(UTC).astimezone(local.tzinfo)
