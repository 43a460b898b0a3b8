"""Messages to everybody booked on a day, whose appointments may be cancelled, or to a whole home (M1)."""

from collections.abc import Callable, Iterable, Iterator
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


def tell(rows: Iterable[Booked], title: str, body: str, by: User, *, cancels: bool) -> set[Resident]:
    """Create one message for each occurrence; return the residents whose screens to update."""
    now = timezone.now()
    span, batch = message_span(now), new_id(now)
    notified = {}
    views = dict(ResidentView.objects.values_list("resident", "language")) if rows else {}
    for each in rows:
        starts = _starts(each)
        values = fields_of(each.resident, starts, views.get(each.resident.pk, "fi"), each.performer)
        notified[each.resident.pk] = each.resident
        Message.objects.create(
            resident=each.resident,
            key=f"group-{batch}-{name_of(each)}"[:120],
            title=title,
            body=merge(body, values)[:LONGEST_BODY],
            about=f"{values['date']} {values['time']}",
            due_at=span.due_at,
            until=span.until,
            by=by,
        )
        if cancels:
            for calendar in _calendars:
                calendar.cancel(each.appointment, each.starts, by)
    return set(notified.values())


def tell_home(
    residents: Iterable[Resident], title: str, body: str, by: User, *, any_hour: bool
) -> list[Message]:
    """Create one message for each of these residents; they take the screens as soon as possible."""
    now = timezone.now()
    span, batch = message_span(now), new_id(now)
    rows = [
        Message(
            resident=each,
            key=f"home-{batch}",
            title=title,
            body=merge(body, {"first_name": each.first_name, "organisation": str(each.organisation)}),
            due_at=span.due_at,
            until=span.until,
            any_hour=any_hour,
            by=by,
        )
        for each in residents
    ]
    return Message.objects.bulk_create(rows)


def _starts(each: Booked) -> datetime:
    zone = zone_of(each.resident)
    own = ZoneInfo(each.time_zone) if each.time_zone else zone
    return resolve_gap(datetime.fromisoformat(each.starts).replace(tzinfo=own)).astimezone(zone)
