"""One event of an iCalendar file (RFC 5545) as an appointment of ours."""

from datetime import date, datetime, time, timedelta, tzinfo
from hashlib import sha256
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.utils.translation import gettext as _
from icalendar import Event

from cloud.calendar.repeats import happens
from device.contract.repeat_rules import UnusableRule, check_rule

LONGEST_TITLE = 300
LONGEST_UID = 200
MOST_EXCEPTIONS = 500
EARLIEST_YEAR, LATEST_YEAR = 1900, 2199


class CannotImport(Exception):
    """Why an event is left out, in words for the one who imports."""


class Reading(NamedTuple):
    """An event as it will be stored; ``remarks`` says what was lost on the way."""

    uid: str
    fields: dict[str, Any]
    replaces: str
    is_cancelled: bool
    remarks: list[str]


def read(event: Event) -> Reading:
    """The event, or ``CannotImport``."""
    _refuse_broken(event)
    starts, zone, all_day = _start(event)
    title, remarks = _title(event)
    fields = {
        "title": title,
        "place": str(event.get("LOCATION", ""))[:LONGEST_TITLE],
        "starts": _wall(starts),
        "ends": _end(event, starts, zone, all_day),
        "all_day": all_day,
        "time_zone": _zone_name(zone),
        "rule": _rule(event, starts),
        "except_on": _exceptions(event, starts, zone),
    }
    if "RDATE" in event:
        remarks.append(_("its extra dates (RDATE) were left out"))
    uid = str(event.get("UID", "")).strip() or sha256(event.to_ical()).hexdigest()
    if len(uid) > LONGEST_UID:
        uid = sha256(uid.encode()).hexdigest()
    is_cancelled = str(event.get("STATUS", "")).upper() == "CANCELLED"
    return Reading(uid, fields, _replaced(event, starts, zone), is_cancelled, remarks)


def name_of(component: Any) -> str:
    """What to call an event in a list of problems, however broken it is."""
    return str(component.get("SUMMARY", "") or component.get("UID", "") or _("without a name"))[:100]


def _refuse_broken(event: Event) -> None:
    for name, reason in event.errors:
        raise CannotImport(f"{name or '?'}: {reason}"[:300])
    if isinstance(event.get("RRULE"), list) or "EXRULE" in event:
        raise CannotImport(_("it repeats by more than one rule"))


def _start(event: Event) -> tuple[datetime, tzinfo | None, bool]:
    """Wall time, its zone (None is the resident's own), and whether it is a whole day."""
    value: Any = event.get("DTSTART")
    at = getattr(value, "dt", None)
    if isinstance(at, date) and not EARLIEST_YEAR <= at.year < LATEST_YEAR:
        raise CannotImport(_("it is too far away (the year %(year)d)") % {"year": at.year})
    if isinstance(at, datetime):
        if at.tzinfo is None and (name := value.params.get("TZID")):
            raise CannotImport(_("unknown time zone '%(zone)s'") % {"zone": name})
        return at.replace(tzinfo=None), at.tzinfo, False
    if isinstance(at, date):
        return datetime.combine(at, time()), None, True
    raise CannotImport(_("it has no beginning (DTSTART)"))


def _end(event: Event, starts: datetime, zone: tzinfo | None, all_day: bool) -> str:
    at = getattr(event.get("DTEND"), "dt", None)
    if isinstance(at, date):
        ends = _in_zone(at, time(), zone)
    elif isinstance(lasts := getattr(event.get("DURATION"), "dt", None), timedelta):
        ends = starts + lasts
    else:
        return _wall(starts + timedelta(days=1)) if all_day else ""
    if ends < starts:
        raise CannotImport(_("it ends before it starts"))
    return _wall(ends)


def _title(event: Event) -> tuple[str, list[str]]:
    title = " ".join(str(event.get("SUMMARY", "")).split()) or _("Appointment")
    if len(title) <= LONGEST_TITLE:
        return title, []
    return title[: LONGEST_TITLE - 1] + "…", [_("its title was shortened")]


def _rule(event: Event, starts: datetime) -> str:
    rule: Any = event.get("RRULE")
    if rule is None:
        return ""
    text: str = rule.to_ical().decode()
    try:
        check_rule(text)
    except UnusableRule:
        shown = text[:60]
        raise CannotImport(
            _("it repeats in a way that screens cannot show (%(rule)s)") % {"rule": shown}
        ) from None
    if not happens(text, starts):
        raise CannotImport(_("its rule for repeating never comes round (%(rule)s)") % {"rule": text})
    return text


def _exceptions(event: Event, starts: datetime, zone: tzinfo | None) -> list[str]:
    value: Any = event.get("EXDATE", [])
    groups = value if isinstance(value, list) else [value]
    days = [_in_zone(day.dt, starts.time(), zone) for group in groups for day in group.dts]
    if len(days) > MOST_EXCEPTIONS:
        raise CannotImport(_("it has too many exceptions"))
    return sorted({_wall(day) for day in days})


def _replaced(event: Event, starts: datetime, zone: tzinfo | None) -> str:
    """Which time of a repeating event this one stands for; empty for an event of its own."""
    value: Any = event.get("RECURRENCE-ID")
    if value is None:
        return ""
    if str(value.params.get("RANGE", "")).upper() == "THISANDFUTURE":
        raise CannotImport(_("it changes all later times of a repeating event"))
    return _wall(_in_zone(value.dt, starts.time(), zone))


def _in_zone(at: date, otherwise: time, zone: tzinfo | None) -> datetime:
    """The wall time in the event's own zone; a day alone means that day at the time ``otherwise``."""
    if not isinstance(at, datetime):
        return datetime.combine(at, otherwise)
    if at.tzinfo is not None and zone is not None:
        at = at.astimezone(zone)
    return at.replace(tzinfo=None)


def _zone_name(zone: tzinfo | None) -> str:
    if zone is None:
        return ""
    name = getattr(zone, "key", None) or str(zone)
    try:
        return ZoneInfo(name).key
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise CannotImport(_("unknown time zone '%(zone)s'") % {"zone": name}) from None


def _wall(at: datetime) -> str:
    return f"{at:%Y-%m-%dT%H:%M}" if at.year >= 1000 else f"{at.year:04}{at:-%m-%dT%H:%M}"
