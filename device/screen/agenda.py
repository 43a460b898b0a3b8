"""The agenda: the current and next appointment, and the days of a week (V1, K4)."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from device.contract.documents import Calendar
from device.rules.agenda import LocalOccurrence, day, in_order, meetings
from device.screen.scene import Scene
from device.window_protocol.intents import OpenPage
from device.window_protocol.model import AgendaDay, AgendaEntry, Button, TodayPage, TodayTile

DAYS_SHOWN = 8


class _Days:
    """A cache of the occurrences of the last requested days: computed once a day, not once a minute."""

    def __init__(self) -> None:
        self._calendar: Calendar | None = None
        self._found: dict[tuple[date, str], list[LocalOccurrence]] = {}

    def of(self, calendar: Calendar, on: date, scene: Scene) -> list[LocalOccurrence]:
        if calendar is not self._calendar or len(self._found) > 2 * DAYS_SHOWN:
            self._calendar, self._found = calendar, {}
        key = on, scene.view.time_zone
        if key not in self._found:
            self._found[key] = day(calendar.occurrences, on, scene.zone)
        return self._found[key]


_days = _Days()


def today_tile(scene: Scene) -> TodayTile | None:
    """Return the current or next appointment of today or tomorrow; nothing is shown that is unknown."""
    if not scene.view.elements.calendar:
        return None
    words, calendar = scene.words, scene.state.documents.calendar
    if calendar is None or not scene.now.trusted:
        missing = words("Your calendar has not arrived yet")
        return TodayTile(headline=missing if calendar is None else words("Your calendar"))
    opens = OpenPage("today") if scene.view.profile == "full" else None
    age = "" if scene.connected else _age(scene)
    today, after = _ahead(scene, calendar)
    if not today and not after:
        return TodayTile(
            label=words("Today"), headline=_nothing(scene, scene.today), detail=age, intent=opens
        )
    first = next((each for each in today if not each.all_day), (*today, *after)[0])
    return TodayTile(
        label=_label(scene, first),
        headline=f"{_time(scene, first)} {first.title}".strip(),
        detail=age or _more(scene, len(today) - 1 if first in today else 0),
        intent=opens,
    )


def today_page(scene: Scene) -> TodayPage | None:
    """Return the week from today on; None without a calendar."""
    words, calendar = scene.words, scene.state.documents.calendar
    if calendar is None or not scene.now.trusted or not scene.view.elements.calendar:
        return None
    today, after = _ahead(scene, calendar)
    upcoming = next((each for each in (*today, *after) if each.starts > scene.now.wall), None)
    days = [scene.today + timedelta(days=number) for number in range(DAYS_SHOWN)]
    return TodayPage(
        days=[_day(scene, on, _on(calendar, on, scene), upcoming) for on in days],
        today=words("Today"),
        tomorrow=words("Tomorrow"),
        fewer=words("Earlier"),
        more=words("Later"),
        back=Button(words=words("Back"), icon="home", intent=OpenPage("home")),
    )


def _ahead(scene: Scene, calendar: Calendar) -> tuple[list[LocalOccurrence], list[LocalOccurrence]]:
    """Return the rest of today's occurrences, and tomorrow's."""
    ahead = [each for each in _on(calendar, scene.today, scene) if not _is_over(each, scene)]
    tomorrow = _on(calendar, scene.today + timedelta(days=1), scene)
    return ahead, [each for each in tomorrow if each not in ahead]


def _on(calendar: Calendar, on: date, scene: Scene) -> Sequence[LocalOccurrence]:
    """Everything of one day: appointments, and events to which the resident is invited."""
    table = scene.state.documents.cafe
    found = _days.of(calendar, on, scene)
    planned = meetings(table.meetings, on, scene.zone) if table else []
    return in_order([*found, *planned]) if planned else found


def _label(scene: Scene, first: LocalOccurrence) -> str:
    words = scene.words
    if _is_now(first, scene):
        return words("Now")
    if first.starts.date() > scene.today:
        return words("Tomorrow")
    return words("Today") if first.all_day else words("Next")


def _more(scene: Scene, others: int) -> str:
    """Return the number of further appointments, as text."""
    if others < 1:
        return ""
    if others == 1:
        return scene.words("One more today")
    return scene.words("{number} more today", number=str(others))


def _time(scene: Scene, occurrence: LocalOccurrence) -> str:
    return "" if occurrence.all_day else scene.words.time(occurrence.starts)


def _day(
    scene: Scene, on: date, found: Sequence[LocalOccurrence], upcoming: LocalOccurrence | None
) -> AgendaDay:
    words = scene.words
    named = {0: words("Today"), 1: words("Tomorrow")}
    name = named.get((on - scene.today).days, words.weekday(on).capitalize())
    return AgendaDay(
        title=f"{name}, {words.date(on)}",
        entries=[_entry(scene, each, upcoming) for each in found],
        words="" if found else _nothing(scene, on),
    )


def _nothing(scene: Scene, on: date) -> str:
    """Say that a day is empty only where the calendar covers it (K4)."""
    words, calendar = scene.words, scene.state.documents.calendar
    if calendar and calendar.known_until and on.isoformat() > calendar.known_until:
        return words("The calendar does not reach this day")
    return words("Nothing is planned") if scene.connected else words("Nothing was planned")


def _entry(scene: Scene, occurrence: LocalOccurrence, upcoming: LocalOccurrence | None) -> AgendaEntry:
    words, is_now, is_next = scene.words, _is_now(occurrence, scene), occurrence is upcoming
    is_past = _is_over(occurrence, scene)
    return AgendaEntry(
        time=words("All day") if occurrence.all_day else words.time(occurrence.starts),
        all_day=occurrence.all_day,
        title=occurrence.title,
        place=occurrence.place,
        state="now" if is_now else "next" if is_next else "past" if is_past else "later",
        state_words=words("Now") if is_now else words("Next") if is_next else "",
    )


def _is_now(occurrence: LocalOccurrence, scene: Scene) -> bool:
    return not occurrence.all_day and occurrence.starts <= scene.now.wall < _end(occurrence)


def _is_over(occurrence: LocalOccurrence, scene: Scene) -> bool:
    return not occurrence.all_day and _end(occurrence) <= scene.now.wall


def _end(occurrence: LocalOccurrence) -> datetime:
    """Return the end; an appointment without one takes half an hour."""
    return max(occurrence.ends, occurrence.starts + timedelta(minutes=30))


def _age(scene: Scene) -> str:
    words, at = scene.words, scene.known_at
    if at is None:
        return ""
    if at.date() == scene.today:
        return words("As it was at {time}", time=words.time(at))
    return words("As it was {day_and_time}", day_and_time=scene.on_day_at(at))
