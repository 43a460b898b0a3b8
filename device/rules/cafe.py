"""The café's opening times, by rule and zone: also offline, across midnight and DST (V25)."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from msgspec import Struct

from device.contract.documents import Cafe
from device.contract.wall_time import at

DAYS_AHEAD = 8


class Opening(Struct, frozen=True, kw_only=True):
    """One opening period, both times aware."""

    opens: datetime
    closes: datetime


def openings(cafe: Cafe, first: date, days: int, zone: ZoneInfo) -> Iterator[Opening]:
    """Yield the periods that begin on those days, in order; none begins on a closed day."""
    for each in (first + timedelta(days=offset) for offset in range(days)):
        if each.isoformat() not in cafe.closed_on:
            yield from sorted(_of_day(cafe, each, zone), key=lambda opening: opening.opens)


def current_or_next(cafe: Cafe, now: datetime, zone: ZoneInfo) -> Opening | None:
    """Return the current period, else the next one within a week, or None."""
    yesterday = now.astimezone(zone).date() - timedelta(days=1)
    for opening in openings(cafe, yesterday, DAYS_AHEAD + 1, zone):
        if opening.closes > now:
            return opening
    return None


def _of_day(cafe: Cafe, day: date, zone: ZoneInfo) -> Iterator[Opening]:
    for hours in cafe.hours:
        if day.isoweekday() in hours.days:
            closing_day = day if hours.closes > hours.opens else day + timedelta(days=1)
            yield Opening(opens=at(day, hours.opens, zone), closes=at(closing_day, hours.closes, zone))
