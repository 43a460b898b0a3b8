"""Help by month: how many requests, and how long residents waited (V28)."""

from datetime import date, datetime
from typing import NamedTuple

from django.utils.translation import gettext_lazy as _

from cloud.base.reports import Column, Numbers, Report, Value, by_month, percentile, within
from cloud.help.models import HelpRequest, waits_since
from cloud.organisations.models import User


def read(user: User, path: str, months: list[date]) -> Numbers:
    """Count the requests of each month, and how long it took until somebody answered and arrived."""
    found = HelpRequest.objects.visible_to(user).filter(organisation__path__startswith=path)
    rows = within(found, "received_at", months).order_by("pk").values_list(*_Request._fields).iterator()
    # Plain rows: of thousands of requests, rows of the model would take most of the page's time.
    requests = map(_Request._make, rows)
    return Numbers([_row(each) for each in by_month(requests, lambda request: request.received_at, months)])


class _Request(NamedTuple):
    kind: str
    outcome: str
    raised_at: datetime
    clock_trusted: bool
    received_at: datetime
    taken_at: datetime | None
    arrived_at: datetime | None

    def waited_s(self, until: datetime) -> float:
        """Return how long the resident had waited at this moment."""
        since = waits_since(self.raised_at, self.received_at, clock_trusted=self.clock_trusted)
        return (until - since).total_seconds()


def _row(requests: list[_Request]) -> list[Value]:
    taken = [request.waited_s(request.taken_at) for request in requests if request.taken_at]
    arrived = [request.waited_s(request.arrived_at) for request in requests if request.arrived_at]
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
