"""Plans the reminders of a resident's appointments; writes only changes (M6, M7, M9, M12)."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_time
from django.db import transaction
from django.utils import timezone

from cloud.devices.models import Device
from cloud.messages.merge import merge
from cloud.messages.models import Message, OptOut, ReminderType
from cloud.people.models import Resident
from cloud.screens.models import ResidentView
from cloud.screens.zone import zone_of
from device.contract.documents import Occurrence
from device.contract.message_times import Lead, Window, reminder_span
from device.contract.messages import LONGEST_BODY, MOST_MESSAGES
from device.contract.wall_time import resolve_gap

WINDOW = Window()
HORIZON = timedelta(days=8)
_LOCALES = {"fi": "fi", "sv": "sv_FI", "da": "da", "en": "en_GB"}
_DATES = {"sv": "EEEE d MMMM", "en": "EEEE d MMMM"}
_PLANNED = ("title", "body", "about", "due_at", "until", "any_hour", "asks_confirmation")

# A resident's appointments; the desk app connects it to the calendar.
Calendar = Callable[[Resident], list[Occurrence]]
# Performers by the id of the occurrence.
Performers = Callable[[Resident], dict[str, str]]
_calendars: list[tuple[Calendar, Performers]] = []


def connect(calendar: Calendar, performers: Performers) -> None:
    """Set the calendar whose appointments have reminders."""
    _calendars.append((calendar, performers))


def replan(resident: Resident, now: datetime | None = None) -> None:
    """Save new and changed reminders, and delete obsolete ones; where nothing has changed, only read."""
    now = now or timezone.now()
    wanted = {message.key: message for message in _wanted(resident, now)}
    known = {each.key: each for each in Message.objects.filter(resident=resident).exclude(appointment="")}
    gone = [each.pk for key, each in known.items() if key not in wanted and _is_removable(each, now)]
    new = [each for key, each in wanted.items() if key not in known]
    moved = {
        known[key].pk: _values(message)
        for key, message in wanted.items()
        if key in known and known[key].is_open and _values(known[key]) != _values(message)
    }
    if gone or new or moved:
        _write(gone, new, moved)


@transaction.atomic
def _write(gone: list[int], new: list[Message], moved: dict[int, dict[str, Any]]) -> None:
    if gone:
        Message.objects.filter(pk__in=gone, state__in=Message.OPEN).delete()
    # A parallel run for the same resident writes the same.
    Message.objects.bulk_create(new, ignore_conflicts=True)
    for pk, values in moved.items():
        Message.objects.filter(pk=pk, state__in=Message.OPEN).update(**values)


def _is_removable(message: Message, now: datetime) -> bool:
    """Return whether it is in the future or on the screen; the history is kept."""
    return message.is_open and message.until > now


def _values(message: Message) -> dict[str, Any]:
    return {name: getattr(message, name) for name in _PLANNED}


def _wanted(resident: Resident, now: datetime) -> Iterator[Message]:
    types = list(
        ReminderType.objects.filter(organisation__in=resident.organisation.line).select_related("text")
    )
    opted_out = set(OptOut.objects.filter(resident=resident).values_list("appointment", flat=True))
    if not types or "" in opted_out or resident.archived_at:
        return
    view = ResidentView.objects.filter(resident=resident).first()
    # Without a screen nobody can confirm.
    has_screen = Device.objects.filter(resident=resident, use=Device.Use.IN_USE).exists()
    language, zone, count = view.language if view else "fi", zone_of(resident), 0
    performers = {id_: name for _all, named in _calendars for id_, name in named(resident).items()}
    for occurrence in (each for calendar, _named in _calendars for each in calendar(resident)):
        type_ = _type_of(occurrence.title, types)
        is_left_out = occurrence.id in opted_out or occurrence.all_day
        if type_ is None or is_left_out:
            continue
        starts = _starts(occurrence, zone)
        values = fields_of(resident, starts, language, performers.get(occurrence.id, ""))
        for lead in type_.leads:
            message = _reminder(resident, occurrence, (type_, lead), starts, values)
            message.asks_confirmation &= has_screen
            if now < message.until and message.due_at < now + HORIZON and count < MOST_MESSAGES:
                count += 1
                yield message


def _type_of(title: str, types: list[ReminderType]) -> ReminderType | None:
    named = [each for each in types if each.keyword and each.keyword.casefold() in title.casefold()]
    return next(iter(named), next((each for each in types if not each.keyword), None))


def _starts(occurrence: Occurrence, zone: ZoneInfo) -> datetime:
    own = ZoneInfo(occurrence.time_zone) if occurrence.time_zone else zone
    return resolve_gap(datetime.fromisoformat(occurrence.starts).replace(tzinfo=own)).astimezone(zone)


def _reminder(
    resident: Resident,
    occurrence: Occurrence,
    how: tuple[ReminderType, Lead],
    starts: datetime,
    values: dict[str, str],
) -> Message:
    type_, lead = how
    window = None if type_.any_hour else WINDOW
    within = timedelta(minutes=type_.confirm_within_min) if type_.asks_confirmation else timedelta()
    span = reminder_span(starts, lead, window, within)
    return Message(
        resident=resident,
        key=f"{occurrence.id}/{occurrence.starts}/{'evening' if lead.evening else lead.minutes}",
        appointment=occurrence.id,
        title=occurrence.title[:150],
        body=merge(type_.text.body(values["language"]), values)[:LONGEST_BODY],
        about=f"{values['date']} {values['time']}",
        due_at=span.due_at,
        until=span.until,
        any_hour=type_.any_hour,
        asks_confirmation=type_.asks_confirmation,
    )


def fields_of(resident: Resident, starts: datetime, language: str, performer: str) -> dict[str, str]:
    """Return the merge fields of this resident and time, localised (M5)."""
    return {
        "first_name": resident.first_name,
        **day_and_time(starts, language),
        "performer": performer,
        "organisation": str(resident.organisation),
        "language": language,
    }


def day_and_time(starts: datetime, language: str) -> dict[str, str]:
    """Return the merge fields of this local time."""
    locale = _LOCALES.get(language, "fi")
    return {
        "date": format_date(starts, _DATES.get(language, "EEEE d. MMMM"), locale=locale),
        "time": format_time(starts, "short" if language in {"fi", "en"} else "H.mm", locale=locale),
    }
