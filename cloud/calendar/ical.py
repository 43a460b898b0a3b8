"""An iCalendar file becomes a resident's appointments; what could not be taken is listed."""

from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from icalendar import Calendar, Event

from cloud.calendar.event import CannotImport, Reading, name_of, read
from cloud.calendar.models import Appointment
from cloud.people.models import Resident

LARGEST_BYTES = 2_000_000
TOO_LARGE = gettext_lazy("The file is too large: at most 2 MB, please.")
# As many as the contract carries.
MOST_APPOINTMENTS = 1000
# A zone's description is used up while reading; the calendar itself only holds the others.
SILENT = ("VTIMEZONE", "STANDARD", "DAYLIGHT", "VALARM", "VCALENDAR")


@dataclass
class Result:
    """What an import did: events by number, and problems as (event, reason)."""

    added: int = 0
    changed: int = 0
    same: int = 0
    removed: int = 0
    problems: list[tuple[str, str]] = field(default_factory=list)


def take_in(content: bytes, resident: Resident) -> Result:
    """Adds new events, updates those whose UID is known, and leaves all others alone.

    Raises ``ValidationError`` where the whole file cannot be used.
    """
    result = Result()
    readings = _read_all(_calendars(content), result)
    masters = {reading.uid: reading for reading in readings if not reading.replaces}
    stored = {each.uid: each for each in Appointment.objects.filter(resident=resident).exclude(uid="")}
    for reading in readings:
        if reading.replaces:
            _except(reading, masters, stored)
    for reading in readings:
        _store(reading, resident, stored, result)
    return result


def _calendars(content: bytes) -> list[Calendar]:
    if len(content) > LARGEST_BYTES:
        raise ValidationError(TOO_LARGE)
    try:
        calendars = Calendar.from_ical(content, multiple=True)
    except (ValueError, IndexError, KeyError, TypeError, AttributeError) as error:
        words = _("This is not a calendar file (iCalendar, .ics): %(reason)s")
        raise ValidationError(words, params={"reason": str(error)[:200]}) from None
    if not calendars:
        raise ValidationError(_("There is no calendar in this file."))
    return calendars


def _read_all(calendars: list[Calendar], result: Result) -> list[Reading]:
    readings = []
    for calendar in calendars:
        for component in calendar.walk():
            if component.name in SILENT:
                continue
            if not isinstance(component, Event):
                result.problems.append(
                    (name_of(component), _("not an appointment (%(kind)s)") % {"kind": component.name})
                )
                continue
            if reading := _read_one(component, result):
                readings.append(reading)
    return readings


def _read_one(event: Event, result: Result) -> Reading | None:
    try:
        reading = read(event)
    except CannotImport as problem:
        result.problems.append((name_of(event), str(problem)))
        return None
    except (ValueError, TypeError, AttributeError, OverflowError, KeyError) as error:
        result.problems.append((name_of(event), str(error)[:200]))
        return None
    result.problems += [(name_of(event), remark) for remark in reading.remarks]
    return reading


def _except(reading: Reading, masters: dict[str, Reading], stored: dict[str, Appointment]) -> None:
    """The repeating event leaves out the time that this one stands for."""
    days: list[str] | None = None
    if master := masters.get(reading.uid):
        days = master.fields["except_on"]
    elif known := stored.get(reading.uid):
        days = known.except_on
    if days is not None and reading.replaces not in days:
        days.append(reading.replaces)
        days.sort()
    if days is not None and reading.uid in stored and reading.uid not in masters:
        stored[reading.uid].save(update_fields=["except_on"])


def _store(reading: Reading, resident: Resident, stored: dict[str, Appointment], result: Result) -> None:
    uid = f"{reading.uid}#{reading.replaces}" if reading.replaces else reading.uid
    known = stored.get(uid)
    if reading.is_cancelled:
        if known:
            known.delete()
            del stored[uid]
            result.removed += 1
        return
    if known is None:
        _add(uid, reading, resident, stored, result)
    elif _apply(known, reading.fields):
        known.save()
        result.changed += 1
    else:
        result.same += 1


def _add(
    uid: str, reading: Reading, resident: Resident, stored: dict[str, Appointment], result: Result
) -> None:
    if resident.appointments.count() >= MOST_APPOINTMENTS:
        words = _("the calendar is full: at most %(most)s appointments") % {"most": MOST_APPOINTMENTS}
        result.problems.append((reading.fields["title"], words))
        return
    stored[uid] = Appointment(resident=resident, uid=uid, **reading.fields)
    stored[uid].save()
    result.added += 1


def _apply(appointment: Appointment, fields: dict[str, Any]) -> bool:
    changed = [name for name, value in fields.items() if getattr(appointment, name) != value]
    for name in changed:
        setattr(appointment, name, fields[name])
    return bool(changed)
