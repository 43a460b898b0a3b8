"""Help by month: how many requests, and how long residents waited (V28)."""

from datetime import date

from django.utils.translation import gettext_lazy as _

from cloud.base.reports import Column, Numbers, Report, Value, by_month, percentile, within
from cloud.help.models import HelpRequest
from cloud.organisations.models import User

_FIELDS = ("kind", "outcome", "raised_at", "clock_trusted", "received_at", "taken_at", "arrived_at")


def read(user: User, path: str, months: list[date]) -> Numbers:
    """Count the requests of each month, and how long it took until somebody answered and arrived."""
    found = HelpRequest.objects.visible_to(user).filter(organisation__path__startswith=path)
    requests = within(found, "received_at", months).only(*_FIELDS).order_by("pk").iterator()
    return Numbers([_row(each) for each in by_month(requests, lambda request: request.received_at, months)])


def _row(requests: list[HelpRequest]) -> list[Value]:
    taken = [
        (request.taken_at - request.waits_since).total_seconds() for request in requests if request.taken_at
    ]
    arrived = [
        (request.arrived_at - request.waits_since).total_seconds()
        for request in requests
        if request.arrived_at
    ]
    return [
        sum(request.kind == HelpRequest.Kind.HELP for request in requests),
        sum(request.kind == HelpRequest.Kind.URGENT_CALL for request in requests),
        sum(request.outcome == HelpRequest.Outcome.MISTAKE for request in requests),
        len(requests) - len(taken),
        percentile(taken, 0.5),
        percentile(taken, 0.9),
        percentile(arrived, 0.5),
    ]


REPORT = Report(
    "help",
    _("Help"),
    (
        Column(_("Calls for help")),
        Column(_("Asked for a call")),
        Column(_("By mistake")),
        Column(_("Answered by nobody at the desk")),
        Column(_("Answered within, half of them"), "s"),
        Column(_("Answered within, nine of ten"), "s"),
        Column(_("Arrived within, half of them"), "s"),
    ),
    read,
)
