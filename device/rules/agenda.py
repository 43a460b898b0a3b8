"""The appointments and events of a day, in the resident's time zone."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from msgspec import Struct

from device.contract.cafe import Meeting
from device.contract.documents import Occurrence
from device.contract.wall_time import resolve_gap
from device.rules.local_time import day_span


class LocalOccurrence(Struct, frozen=True, kw_only=True):
    """One occurrence of an appointment; ``starts`` and ``ends`` are aware, in the resident's zone."""

    title: str
    place: str
    starts: datetime
    ends: datetime
    all_day: bool


def day(occurrences: Sequence[Occurrence], on: date, zone: ZoneInfo) -> list[LocalOccurrence]:
    """Return the day's occurrences, all-day ones first, then by time."""
    day_starts, day_ends = day_span(on, zone)
    near = [_local(each, zone) for each in occurrences if _may_touch(each, on)]
    found = [
        each
        for each in near
        if each.starts < day_ends and (each.ends > day_starts or each.starts >= day_starts)
    ]
    return in_order(found)


def meetings(planned: Sequence[Meeting], on: date, zone: ZoneInfo) -> list[LocalOccurrence]:
    """Return the desk's events that begin on that day, those that repeat among them."""
    found = []
    for each in planned:
        first = each.starts.astimezone(zone)
        later = (on - first.date()).days
        if later == 0 or (later > 0 and each.repeats_days and later % each.repeats_days == 0):
            starts = resolve_gap(datetime.combine(on, first.time(), zone))
            ends = starts + (each.ends - each.starts)
            found.append(LocalOccurrence(title=each.title, place="", starts=starts, ends=ends, all_day=False))
    return found


def in_order(found: Sequence[LocalOccurrence]) -> list[LocalOccurrence]:
    """All-day ones first, then by time."""
    return sorted(found, key=lambda each: (not each.all_day, each.starts, each.title))


def _may_touch(occurrence: Occurrence, on: date) -> bool:
    """Return whether the dates may match, with a margin for zones: a fast filter for full calendars."""
    earliest, latest = (on - timedelta(days=3)).isoformat(), (on + timedelta(days=3)).isoformat()
    return occurrence.starts[:10] <= latest and (occurrence.ends or occurrence.starts)[:10] >= earliest


def _local(occurrence: Occurrence, zone: ZoneInfo) -> LocalOccurrence:
    first = datetime.fromisoformat(occurrence.starts)
    last = datetime.fromisoformat(occurrence.ends) if occurrence.ends else first
    last = max(last, first + timedelta(days=1)) if occurrence.all_day else last
    own_zone = zone if occurrence.all_day or not occurrence.time_zone else ZoneInfo(occurrence.time_zone)
    return LocalOccurrence(
        title=occurrence.title,
        place=occurrence.place,
        starts=resolve_gap(first.replace(tzinfo=own_zone)).astimezone(zone),
        ends=resolve_gap(last.replace(tzinfo=own_zone)).astimezone(zone),
        all_day=occurrence.all_day,
    )
