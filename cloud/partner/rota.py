"""Who is on duty when, by a plan of the week and by a calendar: pure rules on the wall clock (S5).

Shifts start and end on quarters of an hour. They are evaluated in quarters of real time, so that an hour that
DST repeats or skips is covered, or a gap, exactly as the wall clock of that day shows.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

QUARTER = timedelta(minutes=15)
QUARTERS_A_DAY = 96
AHEAD = timedelta(days=3)
PICTURE_DAYS = 14


@dataclass(frozen=True)
class Shift:
    """A person's weekly shift on this weekday (0: Monday).

    ``ends`` at or before ``starts`` is the next day.
    """

    person: int
    weekday: int
    starts: time
    ends: time
    first_day: date | None = None
    last_day: date | None = None

    def covers(self, local: datetime) -> bool:
        """Return whether the shift covers this wall time."""
        wall = local.time().replace(tzinfo=None)
        if self.starts < self.ends:
            return self.starts <= wall < self.ends and self._begins_on(local.date())
        if wall >= self.starts:
            return self._begins_on(local.date())
        return wall < self.ends and self._begins_on(local.date() - timedelta(days=1))

    def _begins_on(self, day: date) -> bool:
        return (
            day.weekday() == self.weekday
            and (self.first_day is None or day >= self.first_day)
            and (self.last_day is None or day <= self.last_day)
        )


@dataclass(frozen=True)
class Span:
    """A person once, from moment to moment."""

    person: int
    starts_at: datetime
    ends_at: datetime

    def covers(self, local: datetime) -> bool:
        """Whether it runs at this moment."""
        # In UTC: two times of one zone are compared by what the clock shows.
        return self.starts_at <= local.astimezone(UTC) < self.ends_at


Duty = Shift | Span


def span_of(person: int, starts: datetime, ends: datetime) -> Span:
    """A span from wall times with their zone, widened to whole quarters."""
    # Of an hour that comes twice or not at all the longer reading is meant: rather two people than nobody.
    first = min(starts.replace(fold=fold).astimezone(UTC) for fold in (0, 1))
    last = max(ends.replace(fold=fold).astimezone(UTC) for fold in (0, 1))
    return Span(person, quarter(first), quarter(last + QUARTER - timedelta(microseconds=1)))


@dataclass(frozen=True)
class Hole:
    """A period without anybody on duty."""

    starts: datetime
    ends: datetime


def on_duty(shifts: Sequence[Duty], moment: datetime, zone: ZoneInfo) -> list[int]:
    """Return who is on duty, each once, in the order of the plan."""
    local = moment.astimezone(zone)
    return list(dict.fromkeys(shift.person for shift in shifts if shift.covers(local)))


def holes(shifts: Sequence[Duty], zone: ZoneInfo, since: datetime, until: datetime) -> list[Hole]:
    """Return the gaps, in quarters of an hour."""
    found: list[Hole] = []
    moment = quarter(since)
    while moment < until:
        if not on_duty(shifts, moment, zone):
            if found and found[-1].ends == moment:
                found[-1] = Hole(found[-1].starts, moment + QUARTER)
            else:
                found.append(Hole(moment, moment + QUARTER))
        moment += QUARTER
    return found


@dataclass(frozen=True)
class Bar:
    """A period in the diagram: in quarters from midnight on the wall clock."""

    starts: int
    quarters: int
    is_covered: bool


def picture(
    shifts: Sequence[Duty], zone: ZoneInfo, first: date, days: int = PICTURE_DAYS
) -> Iterator[tuple[date, list[Bar]]]:
    """Yield each day with its shifts and gaps; days of 23 or 25 hours have a bar of that length."""
    for offset in range(days):
        day = first + timedelta(days=offset)
        moment = datetime.combine(day, time(), zone).astimezone(UTC)
        end = datetime.combine(day + timedelta(days=1), time(), zone).astimezone(UTC)
        bars: list[Bar] = []
        quarter = 0
        while moment < end:
            is_covered = bool(on_duty(shifts, moment, zone))
            if bars and bars[-1].is_covered == is_covered:
                bars[-1] = Bar(bars[-1].starts, bars[-1].quarters + 1, is_covered)
            else:
                bars.append(Bar(quarter, 1, is_covered))
            quarter += 1
            moment += QUARTER
        yield day, bars


def quarter(moment: datetime) -> datetime:
    """Return when the quarter of an hour of this moment began, in UTC."""
    utc = moment.astimezone(UTC)
    return utc.replace(minute=utc.minute - utc.minute % 15, second=0, microsecond=0)
