"""The process that parses calendar files and expands recurrences (RFC 5545).

One JSON request and answer a line. It uses neither Django nor the database, so that the desk can kill it if a
file makes a library hang. Reasons are codes, which ``wording.py`` turns into sentences.
"""

import base64
import json
import resource
import signal
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from hashlib import sha256
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import recurring_ical_events
from dateutil.rrule import rrulestr
from icalendar import Calendar, Component, Event

from cloud.calendar.repeat_rules import UnusableRule, check_rule
from device.contract.values import EARLIEST_YEAR, LATEST_YEAR

MOST_MEMORY_BYTES = 1_000_000_000
MOST_EVENTS = 2000
MOST_DATES = 500
MOST_OCCURRENCES = 400
LONGEST_TEXT = 300
LONGEST_SOURCE = 60_000
# Components that only describe others, or are no appointments.
SILENT = ("VTIMEZONE", "STANDARD", "DAYLIGHT", "VALARM", "VCALENDAR")
NEEDED = ("DTSTART", "DTEND", "DURATION", "RRULE", "RDATE", "EXDATE", "RECURRENCE-ID", "UID", "SUMMARY")
# 29 February comes only every eighth year around 1900 and 2100.
LONGEST_WAIT = timedelta(days=366 * 9)

Json = dict[str, Any]


class CannotRead(Exception):
    """Why an event is left out: a code with its values."""

    def __init__(self, code: str, **values: object) -> None:
        super().__init__(code)
        self.code, self.values = code, values


def read_file(content: bytes) -> Json:
    """Return the events of a calendar file, and the errors in it."""
    text, remarks = _decode(content)
    calendars = Calendar.from_ical(text, multiple=True)
    if not calendars:
        raise CannotRead("no-calendar")
    answer: Json = {"events": [], "problems": [["", code, {}] for code in remarks]}
    for calendar in calendars:
        _read_calendar(calendar, answer)
    return answer


def expand(source: str, first: date, last: date) -> Json:
    """Return a series' occurrences from ``first`` to the day before ``last``, or the next one after."""
    calendar = Calendar.from_ical(source)
    for zone in calendar.walk("VTIMEZONE"):
        _check_zone(zone)
    for event in calendar.walk("VEVENT"):
        _check_repeats(event)
        _skip_years(event, first)
    query = recurring_ical_events.of(calendar)
    found = [_occurrence(event) for event in query.between(first, last) if not _is_cancelled(event)]
    found = sorted(found, key=lambda each: str(each["starts"]))[:MOST_OCCURRENCES]
    upcoming: Json | None = None
    if all(each["starts"][:10] <= (first + timedelta(days=2)).isoformat() for each in found):
        later = (event for event in query.between(last, last + LONGEST_WAIT) if not _is_cancelled(event))
        upcoming = min(map(_occurrence, later), key=lambda each: str(each["starts"]), default=None)
    return {"occurrences": found, "later": upcoming["starts"] if upcoming else ""}


def _decode(content: bytes) -> tuple[str, list[str]]:
    """Decode as UTF-8 (RFC 5545, 3.1.4); other files are nearly always Windows-1252."""
    try:
        return content.decode("utf-8-sig"), []
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace"), ["encoding-guessed"]


def _read_calendar(calendar: Component, answer: Json) -> None:
    is_cancel = str(calendar.get("METHOD", "")).upper() == "CANCEL"
    zones = {str(zone.get("TZID", "")): zone for zone in calendar.walk("VTIMEZONE")}
    for component in calendar.walk():
        if component.name in SILENT:
            continue
        if len(answer["events"]) + len(answer["problems"]) >= MOST_EVENTS:
            raise CannotRead("too-many-events", most=MOST_EVENTS)
        try:
            answer["events"].append(_read_event(component, zones, is_cancel))
        except CannotRead as problem:
            answer["problems"].append([_name_of(component), problem.code, problem.values])
        except (ValueError, TypeError, AttributeError, OverflowError, KeyError, IndexError):
            answer["problems"].append([_name_of(component), "unreadable", {}])


def _read_event(event: Component, zones: dict[str, Component], is_cancel: bool) -> Json:
    if not isinstance(event, Event):
        raise CannotRead("not-an-appointment", kind=event.name)
    remarks = _refuse_broken(event)
    replaces = _replaced(event)
    cancelled = is_cancel or _is_cancelled(event)
    if "DTSTART" not in event and cancelled and "RECURRENCE-ID" in event:
        event["DTSTART"] = event["RECURRENCE-ID"]
    if cancelled:
        event["STATUS"] = "CANCELLED"
    shown = _occurrence(event)
    rule = _check_repeats(event)
    used = _zones_of(event, zones)
    text = event.to_ical().decode()
    if sum(map(len, [text, *used])) > LONGEST_SOURCE:
        raise CannotRead("too-large")
    if len(" ".join(str(event.get("SUMMARY", "")).split())) > LONGEST_TEXT:
        remarks.append("title-shortened")
    return {
        **shown,
        "uid": _uid(event),
        "sequence": _sequence(event),
        "replaces": replaces,
        "cancelled": cancelled,
        "rule": rule,
        "text": text,
        "zones": used,
        "remarks": remarks,
    }


def _refuse_broken(event: Event) -> list[str]:
    """Return remarks on invalid minor properties; the essential ones must be valid."""
    remarks = []
    for name, _reason in event.errors:
        if name is None or name.upper() in NEEDED:
            raise CannotRead("broken", property=(name or "?")[:40])
        remarks.append(f"left-out:{name.upper()[:40]}")
        # The expanding library compares some of them, such as SEQUENCE.
        event.pop(name, None)
    if "EXRULE" in event:
        raise CannotRead("excluding-rule")
    return remarks


def _check_repeats(event: Component) -> str:
    """Return the first rule; raise ``CannotRead`` where a rule or a list of dates cannot be expanded."""
    starts = _start_of(event)
    rules = _values(event.get("RRULE"))
    if len(rules) > 3:
        raise CannotRead("too-many-rules")
    texts = [rule.to_ical().decode() for rule in rules]
    for text in texts:
        try:
            check_rule(text)
        except UnusableRule:
            raise CannotRead("rule", rule=text[:60]) from None
        if not _happens(text, starts):
            raise CannotRead("never", rule=text[:60])
    dates = [
        each.dt for name in ("RDATE", "EXDATE") for group in _values(event.get(name)) for each in group.dts
    ]
    if len(dates) > MOST_DATES:
        raise CannotRead("too-many-dates")
    for each in dates:
        _check_year(each[0] if isinstance(each, tuple) else each)
    return texts[0] if texts else ""


def _check_zone(zone: Component) -> None:
    """Check the rules of a custom time zone."""
    observances = [part for part in zone.walk() if part.name in ("STANDARD", "DAYLIGHT")]
    if len(observances) > 200:
        raise CannotRead("zone")
    for observance in observances:
        for rule in _values(observance.get("RRULE")):
            try:
                check_rule(rule.to_ical().decode())
            except UnusableRule:
                raise CannotRead("zone") from None


def _happens(rule: str, starts: datetime) -> bool:
    """Return whether a rule has any occurrence: 31 February has none.

    The library would search until the year 9999. The calendar repeats every 400 years, so the search may
    start close to its end.
    """
    parts = [part for part in rule.split(";") if not part.upper().startswith(("UNTIL=", "COUNT="))]
    late = starts.replace(year=starts.year + (9990 - starts.year) // 400 * 400)
    try:
        first = next(iter(rrulestr(";".join(parts), dtstart=late)), None)
    except (ValueError, TypeError, KeyError, OverflowError):
        return False
    return first is not None and first - late <= LONGEST_WAIT


def _skip_years(event: Component, first: date) -> None:
    """Move the start of a daily or weekly series close to ``first``, to skip years of occurrences."""
    rules, at = _values(event.get("RRULE")), getattr(event.get("DTSTART"), "dt", None)
    if len(rules) != 1 or at is None or not rules[0].keys().isdisjoint(("COUNT", "BYSETPOS")):
        return
    days = {"DAILY": 1, "WEEKLY": 7}.get(str(rules[0].get("FREQ", [""])[0]).upper())
    if days is None:
        return
    step = days * int((rules[0].get("INTERVAL") or [1])[0])
    begins = at.date() if isinstance(at, datetime) else at
    skipped = max(0, (first - timedelta(days=60) - begins).days // step) * timedelta(days=step)
    for name in ("DTSTART", "DTEND"):
        if skipped and name in event:
            value: Any = event[name]
            value.dt += skipped


def _occurrence(event: Component) -> Json:
    """Return one occurrence: wall time in a named zone, else in UTC."""
    starts, zone, all_day = _wall(getattr(event.get("DTSTART"), "dt", None))
    title = " ".join(str(event.get("SUMMARY", "")).split())
    return {
        "title": title if len(title) <= LONGEST_TEXT else title[: LONGEST_TEXT - 1] + "…",
        "place": " ".join(str(event.get("LOCATION", "")).split())[:LONGEST_TEXT],
        "starts": _text(starts),
        "ends": _end(event, starts, zone, all_day),
        "all_day": all_day,
        "time_zone": zone,
    }


def _end(event: Component, starts: datetime, zone: str, all_day: bool) -> str:
    at, lasts = getattr(event.get("DTEND"), "dt", None), getattr(event.get("DURATION"), "dt", None)
    if isinstance(at, datetime) and at.tzinfo and zone:
        ends = at.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
    elif isinstance(at, date):
        ends = _wall(at)[0]
    elif isinstance(lasts, timedelta):
        ends = starts + lasts
    else:
        return _text(starts + timedelta(days=1)) if all_day else ""
    if ends < starts:
        raise CannotRead("ends-before-start")
    _check_year(ends)
    return _text(ends)


def _wall(at: object) -> tuple[datetime, str, bool]:
    if not isinstance(at, date):
        raise CannotRead("no-start")
    _check_year(at)
    if not isinstance(at, datetime):
        return datetime.combine(at, time()), "", True
    if at.tzinfo is None:
        return at, "", False
    name = _zone_name(at.tzinfo)
    return at.astimezone(ZoneInfo(name)).replace(tzinfo=None), name, False


def _zone_name(zone: tzinfo) -> str:
    name = getattr(zone, "key", None) or "UTC"
    try:
        return ZoneInfo(name).key
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return "UTC"


def _start_of(event: Component) -> datetime:
    return _wall(getattr(event.get("DTSTART"), "dt", None))[0]


def _replaced(event: Event) -> str:
    """Return the occurrence that this event replaces; an instant is normalised from any zone."""
    value: Any = event.get("RECURRENCE-ID")
    if value is None:
        return ""
    at = value.dt
    _check_year(at)
    if isinstance(at, datetime):
        return at.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ") if at.tzinfo else at.strftime("%Y%m%dT%H%M%S")
    return str(at.strftime("%Y%m%d"))


def _zones_of(event: Event, zones: dict[str, Component]) -> list[str]:
    """Return the validated time zone components that the event refers to."""
    names = {
        str(value.params["TZID"])
        for name in ("DTSTART", "DTEND", "RECURRENCE-ID", "RDATE", "EXDATE")
        for value in _values(event.get(name))
        if "TZID" in value.params
    }
    for name in ("DTSTART", "DTEND"):
        at = getattr(event.get(name), "dt", None)
        has_name = "TZID" in getattr(event.get(name), "params", {})
        if has_name and isinstance(at, datetime) and at.tzinfo is None:
            raise CannotRead("unknown-zone", zone=str(event[name].params["TZID"])[:60])
    used = [zones[name] for name in sorted(names) if name in zones]
    for zone in used:
        _check_zone(zone)
    return [zone.to_ical().decode() for zone in used]


def _check_year(at: date) -> None:
    if not EARLIEST_YEAR <= at.year < LATEST_YEAR:
        raise CannotRead("year", year=at.year)


def _uid(event: Event) -> str:
    uid = str(event.get("UID", "")).strip() or sha256(event.to_ical()).hexdigest()
    return uid if len(uid) <= 200 else sha256(uid.encode()).hexdigest()


def _sequence(event: Event) -> int:
    try:
        return max(0, min(int(event.get("SEQUENCE", 0)), 2_000_000_000))
    except (ValueError, TypeError):
        return 0


def _is_cancelled(event: Component) -> bool:
    return str(event.get("STATUS", "")).upper() == "CANCELLED"


def _name_of(component: Component) -> str:
    return str(component.get("SUMMARY", "") or component.get("UID", ""))[:100]


def _values(found: Any) -> list[Any]:
    if found is None:
        return []
    return found if isinstance(found, list) else [found]


def _text(at: datetime) -> str:
    return f"{at:%Y-%m-%dT%H:%M}"


def _answer(request: Json) -> Json:
    if not request:
        return {}
    if request["kind"] == "read":
        return read_file(base64.b64decode(request["content"]))
    return expand(
        request["source"], date.fromisoformat(request["first"]), date.fromisoformat(request["last"])
    )


def _serve(lines: Iterator[str], most_cpu_s: float) -> None:
    """Answer each request; one that computes longer ends this process (SIGPROF's default action)."""
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY_BYTES, MOST_MEMORY_BYTES))
    for line in lines:
        signal.setitimer(signal.ITIMER_PROF, most_cpu_s)
        try:
            answer = _answer(json.loads(line))
        except CannotRead as problem:
            answer = {"problem": [problem.code, problem.values]}
        except Exception:  # noqa: BLE001 - any exception of a library means an unreadable file
            answer = {"problem": ["unreadable", {}]}
        signal.setitimer(signal.ITIMER_PROF, 0)
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    _serve(sys.stdin, float(sys.argv[1]))
