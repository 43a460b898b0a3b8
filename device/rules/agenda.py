"""What happens on a day: appointments, with their repetitions, by the resident's clock."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from msgspec import Struct

from device.contract.documents import Appointment
from device.contract.repeat_rules import UnusableRule, check_rule
from device.rules.local_time import day_span, settle


class Occurrence(Struct, frozen=True, kw_only=True):
    """One appointment on one day; ``starts`` and ``ends`` are aware, in the resident's zone."""

    title: str
    place: str
    starts: datetime
    ends: datetime
    all_day: bool


def day(appointments: Sequence[Appointment], on: date, zone: ZoneInfo) -> list[Occurrence]:
    """All that touches that day, all-day ones first, then by time."""
    near, span = (each for each in appointments if _may_touch(each, on)), day_span(on, zone)
    found = [each for appointment in near for each in _on(appointment, on, zone, span)]
    return sorted(found, key=lambda each: (not each.all_day, each.starts, each.title))


def _may_touch(appointment: Appointment, on: date) -> bool:
    """By the text of its dates, with room for a whole day and for zones: most of a full calendar is far."""
    if appointment.rule:
        return True
    earliest, latest = (on - timedelta(days=3)).isoformat(), (on + timedelta(days=3)).isoformat()
    return appointment.starts[:10] <= latest and (appointment.ends or appointment.starts)[:10] >= earliest


def _on(
    appointment: Appointment, on: date, zone: ZoneInfo, span: tuple[datetime, datetime]
) -> Iterator[Occurrence]:
    first = datetime.fromisoformat(appointment.starts)
    last = datetime.fromisoformat(appointment.ends) if appointment.ends else first
    length = max(last - first, timedelta(days=1) if appointment.all_day else timedelta())
    own_zone = zone if appointment.all_day or not appointment.time_zone else ZoneInfo(appointment.time_zone)
    day_starts, day_ends = span
    for start in _starts(appointment, first, length, on):
        starts = settle(start.replace(tzinfo=own_zone)).astimezone(zone)
        ends = settle((start + length).replace(tzinfo=own_zone)).astimezone(zone)
        if starts < day_ends and (ends > day_starts or starts >= day_starts):
            yield Occurrence(
                title=appointment.title,
                place=appointment.place,
                starts=starts,
                ends=ends,
                all_day=appointment.all_day,
            )


def _starts(appointment: Appointment, first: datetime, length: timedelta, on: date) -> list[datetime]:
    """Wall times at which it may start to touch that day; zones differ by less than two days."""
    if not appointment.rule:
        return [first]
    try:
        repetition = _repetition(appointment.rule, first)
    except UnusableRule:
        return [first]
    midnight = datetime.combine(on, datetime.min.time())
    around = repetition.between(midnight - length - timedelta(days=2), midnight + timedelta(days=3), inc=True)
    excepted = {datetime.fromisoformat(each) for each in appointment.except_on}
    return [start for start in around if start not in excepted]


def _repetition(rule: str, first: datetime):  # type: ignore[no-untyped-def]
    check_rule(rule)
    # Only an appointment that repeats needs it, and a start is quicker without.
    from dateutil.rrule import rrulestr

    try:
        return rrulestr(_until_as_wall_time(rule.upper()), dtstart=first, cache=False)
    except (ValueError, TypeError, KeyError, IndexError, AttributeError) as error:
        raise UnusableRule(f"not a rule that repeats: {error}") from None


def _until_as_wall_time(rule: str) -> str:
    """UNTIL may be in UTC where the start has a zone; a day more or less is settled by wall time here."""
    parts = [part.removesuffix("Z") if part.startswith("UNTIL=") else part for part in rule.split(";")]
    return ";".join(parts)
