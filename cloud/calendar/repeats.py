"""How an appointment repeats: the simple rules people choose, and every rule in words."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from dateutil.rrule import rrulestr
from django.utils.dates import WEEKDAYS_ABBR
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from cloud.calendar.models import Appointment
from device.contract.repeat_rules import check_rule

CHOICES = [
    ("", gettext_lazy("Does not repeat")),
    ("FREQ=DAILY", gettext_lazy("Every day")),
    ("FREQ=WEEKLY", gettext_lazy("Every week")),
    ("FREQ=WEEKLY;INTERVAL=2", gettext_lazy("Every second week")),
    ("FREQ=MONTHLY", gettext_lazy("Every month")),
    ("FREQ=YEARLY", gettext_lazy("Every year")),
]
# Some days come only every eighth year: 29 February around 1900 and 2100.
LONGEST_WAIT = timedelta(days=366 * 9)
DAYS = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"]


def split(rule: str) -> tuple[str, date | None]:
    """The rule without its last day, and its last day."""
    parts = [part for part in rule.split(";") if part]
    until = next((part[6:] for part in parts if part.startswith("UNTIL=")), "")
    rest = ";".join(part for part in parts if not part.startswith("UNTIL="))
    try:
        return rest, date.fromisoformat(until[:8]) if until else None
    except ValueError:
        return rule, None


def in_words(rule: str) -> str:
    """``FREQ=WEEKLY;BYDAY=MO`` → "every week: mon"; what is more intricate only "repeats"."""
    if not rule:
        return ""
    values = dict(part.split("=", 1) for part in rule.split(";") if "=" in part)
    simple = {"FREQ", "INTERVAL", "BYDAY", "UNTIL", "COUNT", "WKST"}
    if not set(values) <= simple or any(day not in DAYS for day in values.get("BYDAY", "MO").split(",")):
        return _("repeats")
    words = _frequency(values["FREQ"], int(values.get("INTERVAL", "1")))
    if "BYDAY" in values:
        days = ", ".join(str(WEEKDAYS_ABBR[DAYS.index(day)]).lower() for day in values["BYDAY"].split(","))
        words = f"{words}: {days}"
    _rest, until = split(rule)
    if until:
        words = _("%(words)s until %(day)s") % {
            "words": words,
            "day": date_format(until, "SHORT_DATE_FORMAT"),
        }
    return words


def _frequency(frequency: str, interval: int) -> str:
    match frequency:
        case "DAILY":
            words = ngettext("every day", "every %(n)s days", interval)
        case "WEEKLY":
            words = ngettext("every week", "every %(n)s weeks", interval)
        case "MONTHLY":
            words = ngettext("every month", "every %(n)s months", interval)
        case _:
            words = ngettext("every year", "every %(n)s years", interval)
    return words % {"n": interval}


def upcoming(appointment: Appointment, zone: ZoneInfo, now: datetime) -> datetime | None:
    """When it begins next, or is going on now, as wall time in its own zone; None when it is over."""
    own = ZoneInfo(appointment.time_zone) if appointment.time_zone else zone
    wall_now = now.astimezone(own).replace(tzinfo=None)
    starts = datetime.fromisoformat(appointment.starts)
    ends = datetime.fromisoformat(appointment.ends or appointment.starts)
    if not appointment.rule:
        return starts if max(ends, starts) >= wall_now else None
    try:
        return _next_of_rule(appointment, starts, wall_now - (ends - starts))
    except OverflowError:
        return None


def happens(rule: str, starts: datetime) -> bool:
    """Whether a rule can be read and comes round within some years: 31 February never does.

    A rule that never comes round is searched for until the year 9999, here and on the device. The calendar
    repeats itself every 400 years, so the search may begin close to its end.
    """
    parts = [part for part in rule.split(";") if not part.startswith(("UNTIL=", "COUNT="))]
    late = starts.replace(year=starts.year + (9990 - starts.year) // 400 * 400)
    try:
        first = next(iter(rrulestr(";".join(parts), dtstart=late)), None)
    except (ValueError, TypeError, KeyError, OverflowError):
        return False
    return first is not None and first - late <= LONGEST_WAIT


def _next_of_rule(appointment: Appointment, starts: datetime, after: datetime) -> datetime | None:
    rest, until = split(appointment.rule)
    try:
        check_rule(appointment.rule)
        times = rrulestr(rest, dtstart=starts)
    except (ValueError, TypeError, KeyError):
        return None
    at = times.after(after, inc=True)
    for _attempt in range(len(appointment.except_on) + 1):
        if at is None or (until and at.date() > until):
            return None
        if f"{at:%Y-%m-%dT%H:%M}" not in appointment.except_on:
            return at
        at = times.after(at)
    return None
