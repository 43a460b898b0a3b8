"""When a message is shown: the same rules at the desk and on the device (M3, M4, M7, M8).

A time outside the window moves earlier, to the last allowed minute, never later. A reminder is shown up to
the minute in which its appointment begins; any other message at most 24 hours late.
"""

from datetime import datetime, timedelta
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from msgspec import Meta, Struct

from device.contract.values import LocalTime
from device.contract.wall_time import at, resolve_gap

MOST_LATE = timedelta(hours=24)
MINUTE = timedelta(minutes=1)
EVENING = "18:00"
MINUTES_PER_DAY = 24 * 60

Verdict = Literal["early", "now", "outside", "over"]


class Window(Struct, frozen=True, kw_only=True):
    """The hours of each day in which messages may be shown; both minutes are included."""

    opens: LocalTime = "08:00"
    closes: LocalTime = "21:00"

    def allows(self, local: datetime) -> bool:
        """Return whether a message may be shown at this wall time."""
        return self.opens <= f"{local:%H:%M}" <= self.closes

    def latest(self, local: datetime) -> datetime:
        """Return this time where it is allowed, else the last allowed minute before it."""
        if self.allows(local):
            return local
        zone = _zone(local)
        is_late = f"{local:%H:%M}" > self.closes
        day = local.date() if is_late else local.date() - timedelta(days=1)
        return at(day, self.closes, zone)


class Lead(Struct, frozen=True, kw_only=True):
    """How long before its appointment a reminder is shown; ``evening`` is at 18:00 on the day before."""

    minutes: Annotated[int, Meta(ge=0, le=60 * MINUTES_PER_DAY)] = 0
    evening: bool = False

    def before(self, starts: datetime) -> datetime:
        """Return the time in the zone of ``starts``: whole days by the calendar, the rest by the clock."""
        zone = _zone(starts)
        if self.evening:
            return at(starts.date() - timedelta(days=1), EVENING, zone)
        days, minutes = divmod(self.minutes, MINUTES_PER_DAY)
        same_wall_time = resolve_gap(starts.replace(fold=0) - timedelta(days=days)) if days else starts
        moment = same_wall_time.timestamp() - minutes * 60
        return datetime.fromtimestamp(moment, zone)


class Span(Struct, frozen=True, kw_only=True):
    """A message is shown from ``due_at`` on, and not after ``until``; both aware."""

    due_at: datetime
    until: datetime


def reminder_span(starts: datetime, lead: Lead, window: Window | None, confirm_within: timedelta) -> Span:
    """Return when a reminder may be shown (M3, M7); without a window at any hour.

    One that asks for confirmation may still be shown while the answer is awaited.
    """
    due_at = lead.before(starts)
    due_at = window.latest(due_at) if window else due_at
    return Span(due_at=due_at, until=resolve_gap(starts) + max(MINUTE, confirm_within))


def message_span(wanted_at: datetime) -> Span:
    """Return when any other message may be shown (M4): it waits for the window, but not for ever."""
    return Span(due_at=wanted_at, until=wanted_at + MOST_LATE)


def verdict(span: Span, window: Window | None, zone: ZoneInfo, now: datetime) -> Verdict:
    """Return whether a message that was not shown yet may be shown now (M8)."""
    if now >= span.until:
        return "over"
    if now < span.due_at:
        return "early"
    if window and not window.allows(now.astimezone(zone)):
        return "outside"
    return "now"


def _zone(local: datetime) -> ZoneInfo:
    if not isinstance(local.tzinfo, ZoneInfo):
        raise TypeError("a wall time needs its zone")
    return local.tzinfo
