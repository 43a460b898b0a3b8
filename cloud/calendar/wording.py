"""The text of calendar errors, for the person who imports a file."""

from collections.abc import Mapping

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cloud.calendar.models import Appointment

REASONS = {
    "no-calendar": _("there is no calendar in this file"),
    "too-many-events": _("there are more than %(most)s events in this file"),
    "too-slow": _("it takes too long to follow its repeats"),
    "unreadable": _("it cannot be read"),
    "encoding-guessed": _("the file does not say how its letters are written; Windows-1252 was guessed"),
    "not-an-appointment": _("not an appointment (%(kind)s)"),
    "broken": _("a needed line is wrong: %(property)s"),
    "left-out": _("a line that makes no sense was left out: %(property)s"),
    "excluding-rule": _("it leaves out times by a rule (EXRULE)"),
    "too-many-rules": _("it repeats by too many rules"),
    "too-many-dates": _("it has too many single dates"),
    "too-large": _("it is too large"),
    "rule": _("it repeats in a way that cannot be followed (%(rule)s)"),
    "never": _("its rule for repeating never comes round (%(rule)s)"),
    "zone": _("its time zone changes in a way that cannot be followed"),
    "unknown-zone": _("unknown time zone '%(zone)s'"),
    "year": _("it is too far away (the year %(year)d)"),
    "no-start": _("it has no beginning (DTSTART)"),
    "ends-before-start": _("it ends before it starts"),
    "title-shortened": _("its title was shortened"),
    "older": _("an older version was left out: the newer one stays"),
    "not-known": _("it cancels something that is not in this calendar"),
    "full": _("the calendar is full: at most %(most)s appointments"),
}


def reason(code: str, values: Mapping[str, object] | None = None) -> str:
    """Return the reason in the reader's language; ``left-out:NAME`` names a property."""
    name, _colon, detail = code.partition(":")
    words = str(REASONS.get(name, REASONS["unreadable"]))
    shown = {"property": detail, "rule": "", "kind": "", "zone": "", "year": 0, "most": "", **(values or {})}
    return words % shown


def reason_of(appointment: Appointment) -> str:
    """Return why a stored appointment cannot be expanded, or an empty text."""
    return reason(appointment.problem) if appointment.problem else ""


def name_or_default(name: str) -> str:
    """Return the event's name, or a default for one without."""
    return name or gettext("without a name")
