"""The agenda: the current and next appointment, and the days of a week (V1, K4)."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from device.contract.documents import Calendar
from device.rules.agenda import LocalOccurrence, day, in_order, meetings
from device.screen.page_context import PageContext
from device.window_protocol.intents import OpenPage
from device.window_protocol.model import AgendaDay, AgendaEntry, Button, TodayPage, TodayTile

DAYS_SHOWN = 8


class _Days:
    """A cache of the occurrences of the last requested days: computed once a day, not once a minute."""

    def __init__(self) -> None:
        self._calendar: Calendar | None = None
        self._found: dict[tuple[date, str], list[LocalOccurrence]] = {}

    def of(self, calendar: Calendar, on: date, context: PageContext) -> list[LocalOccurrence]:
        if calendar is not self._calendar or len(self._found) > 2 * DAYS_SHOWN:
            self._calendar, self._found = calendar, {}
        key = on, context.view.time_zone
        if key not in self._found:
            self._found[key] = day(calendar.occurrences, on, context.zone)
        return self._found[key]


_days = _Days()


def today_tile(context: PageContext) -> TodayTile | None:
    """Return the current or next appointment of today or tomorrow; nothing is shown that is unknown."""
    if not context.view.elements.calendar:
        return None
    words, calendar = context.words, context.state.documents.calendar
    if calendar is None or not context.now.trusted:
        missing = words("Your calendar has not arrived yet")
        return TodayTile(headline=missing if calendar is None else words("Your calendar"))
    opens = OpenPage("today") if context.view.profile == "full" else None
    age = "" if context.connected else _age(context)
    today, after = _ahead(context, calendar)
    if not today and not after:
        return TodayTile(
            label=words("Today"), headline=_nothing(context, context.today), detail=age, intent=opens
        )
    first = next((each for each in today if not each.all_day), (*today, *after)[0])
    return TodayTile(
        label=_label(context, first),
        headline=f"{_time(context, first)} {first.title}".strip(),
        detail=age or _more(context, len(today) - 1 if first in today else 0),
        intent=opens,
    )


def today_page(context: PageContext) -> TodayPage | None:
    """Return the week from today on; None without a calendar."""
    words, calendar = context.words, context.state.documents.calendar
    if calendar is None or not context.now.trusted or not context.view.elements.calendar:
        return None
    today, after = _ahead(context, calendar)
    upcoming = next((each for each in (*today, *after) if each.starts > context.now.wall), None)
    days = [context.today + timedelta(days=number) for number in range(DAYS_SHOWN)]
    return TodayPage(
        days=[_day(context, on, _on(calendar, on, context), upcoming) for on in days],
        today=words("Today"),
        tomorrow=words("Tomorrow"),
        fewer=words("Earlier"),
        more=words("Later"),
        back=Button(words=words("Back"), icon="home", intent=OpenPage("home")),
    )


def _ahead(context: PageContext, calendar: Calendar) -> tuple[list[LocalOccurrence], list[LocalOccurrence]]:
    """Return the rest of today's occurrences, and tomorrow's."""
    ahead = [each for each in _on(calendar, context.today, context) if not _is_over(each, context)]
    tomorrow = _on(calendar, context.today + timedelta(days=1), context)
    return ahead, [each for each in tomorrow if each not in ahead]


def _on(calendar: Calendar, on: date, context: PageContext) -> Sequence[LocalOccurrence]:
    """Everything of one day: appointments, and events to which the resident is invited."""
    table = context.state.documents.cafe
    found = _days.of(calendar, on, context)
    planned = meetings(table.meetings, on, context.zone) if table else []
    return in_order([*found, *planned]) if planned else found


def _label(context: PageContext, first: LocalOccurrence) -> str:
    words = context.words
    if _is_now(first, context):
        return words("Now")
    if first.starts.date() > context.today:
        return words("Tomorrow")
    return words("Today") if first.all_day else words("Next")


def _more(context: PageContext, others: int) -> str:
    """Return the number of further appointments, as text."""
    if others < 1:
        return ""
    if others == 1:
        return context.words("One more today")
    return context.words("{number} more today", number=str(others))


def _time(context: PageContext, occurrence: LocalOccurrence) -> str:
    return "" if occurrence.all_day else context.words.time(occurrence.starts)


def _day(
    context: PageContext, on: date, found: Sequence[LocalOccurrence], upcoming: LocalOccurrence | None
) -> AgendaDay:
    words = context.words
    named = {0: words("Today"), 1: words("Tomorrow")}
    name = named.get((on - context.today).days, words.weekday(on).capitalize())
    return AgendaDay(
        title=f"{name}, {words.day_of_month(on)}",
        entries=[_entry(context, each, upcoming) for each in found],
        words="" if found else _nothing(context, on),
    )


def _nothing(context: PageContext, on: date) -> str:
    """Say that a day is empty only where the calendar covers it (K4)."""
    words, calendar = context.words, context.state.documents.calendar
    if calendar and calendar.known_until and on.isoformat() > calendar.known_until:
        return words("The calendar does not reach this day")
    return words("Nothing is planned") if context.connected else words("Nothing was planned")


def _entry(
    context: PageContext, occurrence: LocalOccurrence, upcoming: LocalOccurrence | None
) -> AgendaEntry:
    words, is_now, is_next = context.words, _is_now(occurrence, context), occurrence is upcoming
    is_past = _is_over(occurrence, context)
    return AgendaEntry(
        time=words("All day") if occurrence.all_day else words.time(occurrence.starts),
        all_day=occurrence.all_day,
        title=occurrence.title,
        place=occurrence.place,
        state="now" if is_now else "next" if is_next else "past" if is_past else "later",
        state_words=words("Now") if is_now else words("Next") if is_next else "",
    )


def _is_now(occurrence: LocalOccurrence, context: PageContext) -> bool:
    return not occurrence.all_day and occurrence.starts <= context.now.wall < _end(occurrence)


def _is_over(occurrence: LocalOccurrence, context: PageContext) -> bool:
    return not occurrence.all_day and _end(occurrence) <= context.now.wall


def _end(occurrence: LocalOccurrence) -> datetime:
    """Return the end; an appointment without one takes half an hour."""
    return max(occurrence.ends, occurrence.starts + timedelta(minutes=30))


def _age(context: PageContext) -> str:
    words, at = context.words, context.known_at
    if at is None:
        return ""
    if at.date() == context.today:
        return words("As it was at {time}", time=words.time(at))
    return words("As it was {day_and_time}", day_and_time=context.on_day_at(at))
