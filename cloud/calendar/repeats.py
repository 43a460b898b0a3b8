"""The simple recurrence rules that people choose, and every rule as text."""

from datetime import date

from django.utils.dates import WEEKDAYS_ABBR
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from cloud.calendar.repeat_rules import UnusableRule, check_rule

CHOICES = [
    ("", gettext_lazy("Does not repeat")),
    ("FREQ=DAILY", gettext_lazy("Every day")),
    ("FREQ=WEEKLY", gettext_lazy("Every week")),
    ("FREQ=WEEKLY;INTERVAL=2", gettext_lazy("Every second week")),
    ("FREQ=MONTHLY", gettext_lazy("Every month")),
    ("FREQ=YEARLY", gettext_lazy("Every year")),
]
DAYS = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"]


def split(rule: str) -> tuple[str, date | None]:
    """Return the rule without its last day, and its last day."""
    parts = [part for part in rule.split(";") if part]
    until = next((part[6:] for part in parts if part.startswith("UNTIL=")), "")
    rest = ";".join(part for part in parts if not part.startswith("UNTIL="))
    try:
        return rest, date.fromisoformat(until[:8]) if until else None
    except ValueError:
        return rule, None


def in_words(rule: str) -> str:
    """Return ``FREQ=WEEKLY;BYDAY=MO`` as "every week: mon", and complex rules only as "repeats"."""
    if not rule:
        return ""
    try:
        check_rule(rule)
    except UnusableRule:
        return _("repeats")
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
