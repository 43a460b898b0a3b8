"""Calls by month, as one of the desk's reports (V28)."""

from datetime import date

from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from cloud.base.reports import Column, Numbers, Report, within
from cloud.calls import history
from cloud.calls.models import Call
from cloud.organisations.models import User


def read(user: User, path: str, months: list[date]) -> Numbers:
    """Count the calls of each month."""
    calls: history.Calls = Call.objects.visible_to(user).filter(organisation__path__startswith=path)
    periods = history.periods(within(calls, "offered_at", months), "month")
    found = {localtime(row["begins"]).date(): row for row in periods}
    names = ("calls", "answered", "forced", "missed", "minutes")
    return Numbers([[found.get(month, {}).get(name, 0) for name in names] for month in months])


REPORT = Report(
    "calls",
    _("Calls"),
    (
        Column(_("Calls")),
        Column(_("Answered")),
        Column(_("Forced")),
        Column(_("Missed")),
        Column(_("Minutes"), "min"),
    ),
    read,
)
