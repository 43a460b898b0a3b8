"""Messages to everybody booked on a day, whose times may be cancelled, or to each of some residents (M1)."""

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol
from zoneinfo import ZoneInfo

from django.db.models import QuerySet
from django.utils import timezone

from cloud.messages.merge import merge
from cloud.messages.models import Message
from cloud.messages.planning import fields_of
from cloud.organisations.models import User
from cloud.people.models import Resident
from cloud.screens.models import ResidentView
from cloud.screens.zone import zone_of
from device.contract.identity import new_id
from device.contract.message_times import message_span
from device.contract.messages import LONGEST_BODY
from device.contract.wall_time import resolve_gap

MOST = 300


class Booked(Protocol):
    """One occurrence of an appointment, as the calendar has it."""

    @property
    def appointment(self) -> int: ...  # noqa: D102
    @property
    def resident(self) -> Resident: ...  # noqa: D102
    @property
    def performer(self) -> str: ...  # noqa: D102
    @property
    def starts(self) -> str: ...  # noqa: D102
    @property
    def time_zone(self) -> str: ...  # noqa: D102


# The text with its merge fields, by language.
Words = Callable[[str], str]

# The interface to the calendar, set by the desk app.
Find = Callable[[QuerySet[Resident], date, str], Iterator[Booked]]
Cancel = Callable[[int, str, User], None]


@dataclass(frozen=True)
class _Calendar:
    find: Find
    cancel: Cancel


_calendars: list[_Calendar] = []


def connect(find: Find, cancel: Cancel) -> None:
    """Set the functions that find and cancel appointments."""
    _calendars.append(_Calendar(find, cancel))


def booked(user: User, day: date, performer: str) -> list[Booked]:
    """Return the occurrences of residents that the user may write to."""
    residents = Resident.objects.visible_to(user).present()
    found = [each for calendar in _calendars for each in calendar.find(residents, day, performer)]
    return found[:MOST]


def name_of(each: Booked) -> str:
    """Return an occurrence's id in a form."""
    return f"{each.appointment}/{each.starts}"


def tell(rows: Collection[Booked], title: str, words: Words, by: User, *, cancels: bool) -> set[Resident]:
    """Create one message for each occurrence; return the residents whose screens to update."""
    now = timezone.now()
    span, batch = message_span(now), new_id(now)
    notified = {}
    languages = languages_of(each.resident for each in rows)
    for each in rows:
        starts, language = _starts(each), languages[each.resident.pk]
        values = fields_of(each.resident, starts, language, each.performer)
        notified[each.resident.pk] = each.resident
        Message.objects.create(
            resident=each.resident,
            key=f"group-{batch}-{name_of(each)}"[:120],
            title=title,
            body=merge(words(language), values)[:LONGEST_BODY],
            about=f"{values['date']} {values['time']}",
            due_at=span.due_at,
            until=span.until,
            by=by,
        )
        if cancels:
            for calendar in _calendars:
                calendar.cancel(each.appointment, each.starts, by)
    return set(notified.values())


def tell_each(
    residents: Collection[Resident], title: str, words: Words, by: User, *, any_hour: bool
) -> list[Message]:
    """Create one message for each of these residents; they take the screens as soon as possible."""
    now = timezone.now()
    span, batch = message_span(now), new_id(now)
    languages = languages_of(residents)
    rows = [
        Message(
            resident=each,
            key=f"each-{batch}",
            title=title,
            body=_merged(words(languages[each.pk]), each),
            due_at=span.due_at,
            until=span.until,
            any_hour=any_hour,
            by=by,
        )
        for each in residents
    ]
    return Message.objects.bulk_create(rows)


def languages_of(residents: Iterable[Resident]) -> dict[int, str]:
    """Return the language of each one's screen."""
    known = dict.fromkeys((each.pk for each in residents), "fi")
    return known | dict(ResidentView.objects.filter(resident__in=known).values_list("resident", "language"))


def _merged(text: str, resident: Resident) -> str:
    values = {"first_name": resident.first_name, "organisation": str(resident.organisation)}
    return merge(text, values)[:LONGEST_BODY]


def _starts(each: Booked) -> datetime:
    zone = zone_of(each.resident)
    own = ZoneInfo(each.time_zone) if each.time_zone else zone
    return resolve_gap(datetime.fromisoformat(each.starts).replace(tzinfo=own)).astimezone(zone)
