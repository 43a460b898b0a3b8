"""Today and tomorrow, with what is now and what comes next (V1, K4)."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from device.contract.documents import Calendar
from device.rules.agenda import LocalOccurrence, day
from device.screen.scene import Scene
from device.window_protocol.model import Agenda, AgendaDay, AgendaEntry


class _Days:
    """The occurrences of the days last asked for: they are looked for once a day, not once a minute."""

    def __init__(self) -> None:
        self._calendar: Calendar | None = None
        self._found: dict[tuple[date, str], list[LocalOccurrence]] = {}

    def of(self, calendar: Calendar, on: date, scene: Scene) -> list[LocalOccurrence]:
        if calendar is not self._calendar or len(self._found) > 4:
            self._calendar, self._found = calendar, {}
        key = on, scene.view.time_zone
        if key not in self._found:
            self._found[key] = day(calendar.occurrences, on, scene.zone)
        return self._found[key]


_days = _Days()


def agenda(scene: Scene) -> Agenda | None:
    """What has not ended yet, of today and tomorrow. Nothing is claimed that is not known."""
    if not scene.view.elements.calendar:
        return None
    words, calendar = scene.words, scene.state.documents.calendar
    if calendar is None or not scene.now.trusted:
        reason = (
            words("Your calendar has not arrived yet") if calendar is None else words("Checking the clock")
        )
        return Agenda(days=[AgendaDay(title=words("Today"), words=reason)])
    today, tomorrow = scene.today, scene.today + timedelta(days=1)
    ahead = [each for each in _days.of(calendar, today, scene) if not _is_over(each, scene)]
    after = [each for each in _days.of(calendar, tomorrow, scene) if each not in ahead]
    upcoming = next((each for each in (*ahead, *after) if each.starts > scene.now.wall), None)
    return Agenda(
        days=[
            _day(scene, today, ahead, upcoming),
            _day(scene, tomorrow, after, upcoming),
        ],
        age_words="" if scene.connected else _age(scene),
    )


def _day(
    scene: Scene, on: date, found: Sequence[LocalOccurrence], upcoming: LocalOccurrence | None
) -> AgendaDay:
    words, is_today = scene.words, on == scene.today
    title = words("Today") if is_today else words("Tomorrow")
    next_words = words("Next") if is_today else title
    return AgendaDay(
        title=title,
        entries=[_entry(scene, each, upcoming, next_words) for each in found],
        words="" if found else _nothing(scene, on),
    )


def _nothing(scene: Scene, on: date) -> str:
    """Say that a day is empty only where the calendar reaches it (K4)."""
    words, calendar = scene.words, scene.state.documents.calendar
    if calendar and calendar.known_until and on.isoformat() > calendar.known_until:
        return words("The calendar does not reach this day")
    return words("Nothing is planned") if scene.connected else words("Nothing was planned")


def _entry(
    scene: Scene, occurrence: LocalOccurrence, upcoming: LocalOccurrence | None, next_words: str
) -> AgendaEntry:
    words, is_now = scene.words, _is_now(occurrence, scene)
    is_next = occurrence is upcoming
    return AgendaEntry(
        time=words("All day") if occurrence.all_day else words.time(occurrence.starts),
        all_day=occurrence.all_day,
        title=occurrence.title,
        place=occurrence.place,
        state="now" if is_now else "next" if is_next else "later",
        state_words=words("Now") if is_now else next_words if is_next else "",
    )


def _is_now(occurrence: LocalOccurrence, scene: Scene) -> bool:
    return not occurrence.all_day and occurrence.starts <= scene.now.wall < _end(occurrence)


def _is_over(occurrence: LocalOccurrence, scene: Scene) -> bool:
    return not occurrence.all_day and _end(occurrence) <= scene.now.wall


def _end(occurrence: LocalOccurrence) -> datetime:
    """An appointment without an end is taken to last half an hour."""
    return max(occurrence.ends, occurrence.starts + timedelta(minutes=30))


def _age(scene: Scene) -> str:
    words, at = scene.words, scene.known_at
    if at is None:
        return ""
    if at.date() == scene.today:
        return words("As it was at {time}", time=words.time(at))
    return words("As it was {day_and_time}", day_and_time=scene.on_day_at(at))
