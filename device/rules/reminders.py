"""Reminders of appointments on the resident's screen, also without a link (M3, M6, M7, K6).

Planned from the calendar that the device has; one at a time, after help and calls; each once.
"""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from device.contract.documents import Occurrence, View
from device.contract.reminders import ReminderAnswered, ReminderShown, send_at
from device.rules.agenda import local_occurrence
from device.rules.calls.admission import is_help_wanted, is_in_use
from device.rules.effects import Effect, Play, Record, SayReminder
from device.rules.events import Event, Intended
from device.rules.moment import Moment
from device.rules.state import PlannedReminder, Reminders, State
from device.window_protocol.intents import AnswerReminder

AGAIN = timedelta(minutes=10)
# A reminder of the longest lead is planned from the day on which it is due.
AHEAD = timedelta(days=9)
# One that was shown stays to be touched; after this it says nothing that helps.
STALE = timedelta(hours=12)
MOST_PLANNED = 60
MOST_SETTLED = 300

Outcome = tuple[State, tuple[Effect, ...]]


def step(state: State, event: Event, now: Moment) -> Outcome:
    """Plans when the calendar or the day is another, takes the resident's answer, shows what is due."""
    state = _plan(state, now)
    effects: tuple[Effect, ...] = ()
    match event:
        case Intended(intent=AnswerReminder() as answer):
            state, effects = _answered(state, answer, now)
    state, more = _show(state, now)
    return state, effects + more


def seconds_to_check(state: State, now: Moment) -> float | None:
    """When the next one is due; None while one stands there, and without a clock."""
    if not now.trusted or state.reminders.shown:
        return None
    waits = [(_due(state.reminders, each) - now.wall).total_seconds() for each in _open(state.reminders, now)]
    return max(0.0, min(waits)) if waits and not _is_busy(state) else None


def can_be_put_off(reminder: PlannedReminder, now: Moment) -> bool:
    """Whether there is time to say it again before it begins."""
    return now.wall + AGAIN < reminder.starts


def _plan(state: State, now: Moment) -> State:
    calendar, view = state.documents.calendar, state.documents.view or View(version=1)
    if calendar is None or not now.trusted:
        return state
    zone = ZoneInfo(view.time_zone)
    planned_for = f"{calendar.version} {view.time_zone} {now.wall.astimezone(zone).date()}"
    reminders = state.reminders
    if reminders.planned_for == planned_for:
        return state
    found = [
        each
        for occurrence in calendar.occurrences
        if occurrence.remind and _is_near(occurrence, now)
        for each in _planned(occurrence, zone)
        if now.wall - STALE < each.starts and each.at < now.wall + AHEAD
    ]
    planned = tuple(sorted(found, key=lambda each: (each.at, each.key))[:MOST_PLANNED])
    keys = {each.key for each in planned}
    # What was moved or cancelled says nothing any more.
    shown = reminders.shown if reminders.shown and reminders.shown.key in keys else None
    later = {key: until for key, until in reminders.later.items() if key in keys}
    reminders = replace(reminders, planned=planned, planned_for=planned_for, shown=shown, later=later)
    return replace(state, reminders=reminders)


def _is_near(occurrence: Occurrence, now: Moment) -> bool:
    """By the text of its date, before anything is computed of it."""
    latest = (now.wall + AHEAD + timedelta(days=8)).date().isoformat()
    return (now.wall - timedelta(days=2)).date().isoformat() <= occurrence.starts[:10] <= latest


def _planned(occurrence: Occurrence, zone: ZoneInfo) -> list[PlannedReminder]:
    remind = occurrence.remind
    if remind is None:
        return []
    local = local_occurrence(occurrence, zone)
    return [
        PlannedReminder(
            key=f"{occurrence.id} {occurrence.starts} {lead_min}",
            appointment_id=occurrence.id,
            local_starts=occurrence.starts,
            lead_min=lead_min,
            title=occurrence.title,
            place=occurrence.place,
            all_day=occurrence.all_day,
            starts=local.starts,
            at=send_at(local.starts, timedelta(minutes=lead_min)),
            must_confirm=remind.must_confirm,
        )
        for lead_min in remind.leads_min
    ]


def _open(reminders: Reminders, now: Moment) -> list[PlannedReminder]:
    """Neither said and answered, nor obsolete: up to the start it may still be said (M3)."""
    return [
        each for each in reminders.planned if each.key not in reminders.settled and now.wall < each.starts
    ]


def _due(reminders: Reminders, reminder: PlannedReminder) -> datetime:
    return reminders.later.get(reminder.key, reminder.at)


def _is_busy(state: State) -> bool:
    return not is_in_use(state) or is_help_wanted(state) or state.call is not None or state.seat is not None


def _show(state: State, now: Moment) -> Outcome:
    reminders = state.reminders
    if reminders.shown or not now.trusted or _is_busy(state):
        return state, ()
    due = [each for each in _open(reminders, now) if _due(reminders, each) <= now.wall]
    if not due:
        return state, ()
    soonest = min(due, key=lambda each: each.starts)
    same = [each for each in due if each.local_starts == soonest.local_starts]
    same = [each for each in same if each.appointment_id == soonest.appointment_id]
    newest = max(same, key=lambda each: each.at)
    # After hours without power the evening before's is not said beside the last one.
    missed = tuple(each.key for each in same if each is not newest)
    reminders = replace(reminders, shown=newest, settled=_kept(reminders.settled, *missed))
    shown = ReminderShown(
        appointment_id=newest.appointment_id, starts=newest.local_starts, lead_min=newest.lead_min
    )
    return replace(state, reminders=reminders), (Play(sound="chime"), SayReminder(), Record(what=shown))


def _answered(state: State, answer: AnswerReminder, now: Moment) -> Outcome:
    """A touch on a reminder that has changed meanwhile answers nothing."""
    reminders = state.reminders
    shown = reminders.shown
    if shown is None or shown.key != answer.key:
        return state, ()
    if answer.answer == "later":
        later = {**reminders.later, shown.key: now.wall + AGAIN}
        reminders = replace(reminders, shown=None, later=later)
    else:
        reminders = replace(reminders, shown=None, settled=_kept(reminders.settled, shown.key))
    what = ReminderAnswered(
        appointment_id=shown.appointment_id,
        starts=shown.local_starts,
        lead_min=shown.lead_min,
        answer=answer.answer,
    )
    return replace(state, reminders=reminders), (Record(what=what),)


def _kept(settled: tuple[str, ...], *keys: str) -> tuple[str, ...]:
    return (*settled, *keys)[-MOST_SETTLED:]
