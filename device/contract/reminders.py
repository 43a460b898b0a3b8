"""When a resident is reminded of an appointment: one rule for the desk and the device (M3, M6, M7)."""

from datetime import UTC, datetime, time, timedelta
from typing import Annotated, Literal

from msgspec import Meta, Struct

from device.contract.values import Identifier, LocalDateTime

# Nobody is disturbed before and after (the source system's table of reminders).
WINDOW_OPENS, WINDOW_CLOSES = time(8), time(21)

MOST_LEADS = 3

LeadMin = Annotated[int, Meta(ge=1, le=10_080, description="Minutes before the start, a week at most")]
ReminderAnswer = Literal["read", "confirmed", "later"]


class Remind(Struct, frozen=True, kw_only=True):
    """How long before its start an appointment is said, and whether the resident is asked to confirm it."""

    leads_min: Annotated[list[LeadMin], Meta(min_length=1, max_length=MOST_LEADS)]
    must_confirm: bool = False


class ReminderShown(Struct, frozen=True, kw_only=True, tag_field="kind", tag="reminder-shown"):
    """A reminder took the page and was spoken (M11)."""

    appointment_id: Identifier
    starts: LocalDateTime
    lead_min: LeadMin


class ReminderAnswered(Struct, frozen=True, kw_only=True, tag_field="kind", tag="reminder-answered"):
    """The resident touched it away, confirmed it, or asked to be reminded again (K6)."""

    appointment_id: Identifier
    starts: LocalDateTime
    lead_min: LeadMin
    answer: ReminderAnswer


ReminderHappening = ReminderShown | ReminderAnswered


def send_at(starts: datetime, lead: timedelta) -> datetime:
    """The moment to remind, in the zone of ``starts``: outside the window earlier, never later (M7).

    Raises ``ValueError`` where ``starts`` has no zone.
    """
    if starts.tzinfo is None:
        raise ValueError("starts has no time zone")
    moment = (starts.astimezone(UTC) - lead).astimezone(starts.tzinfo)
    if WINDOW_OPENS <= moment.time() <= WINDOW_CLOSES:
        return moment
    day = moment.date() - timedelta(days=1 if moment.time() < WINDOW_OPENS else 0)
    closes = datetime.combine(day, WINDOW_CLOSES, tzinfo=starts.tzinfo)
    # By an hour that the zone leaves out, the one before it would be asked for.
    return min(closes.astimezone(UTC), moment.astimezone(UTC)).astimezone(starts.tzinfo)
