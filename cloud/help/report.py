"""Help by month: how many requests, and how long residents waited (V28)."""

from datetime import date
from math import ceil
from typing import Any

from django.db.models import Case, Count, DurationField, ExpressionWrapper, F, Q, When, Window
from django.db.models.functions import Ceil, Least, RowNumber, TruncMonth
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from cloud.base.reports import Column, Numbers, Report, Value, within
from cloud.help.models import HelpRequest
from cloud.organisations.models import User
from cloud.organisations.scope import ScopedQuerySet

Requests = ScopedQuerySet[Any]
# The longest wait of this share of those who were answered; and of those to whom somebody came.
TAKEN, ARRIVED = (0.5, 0.9), (0.5,)


def read(user: User, path: str, months: list[date]) -> Numbers:
    """Count the requests of each month, and how long it took until somebody answered and arrived.

    The database counts: of thousands of requests, only a few rows a month are read.
    """
    found = HelpRequest.objects.visible_to(user).filter(organisation__path__startswith=path)
    rows: Requests = within(found, "received_at", months)
    rows = rows.order_by().annotate(month=TruncMonth("received_at"))
    counts = {localtime(row["month"]).date(): row for row in _counted(rows)}
    waits = _waits(rows)
    return Numbers([_row(counts.get(month, {}), waits.get(month, {})) for month in months])


def _counted(rows: Requests) -> Requests:
    kind, outcome = HelpRequest.Kind, HelpRequest.Outcome
    counted: Requests = rows.values("month").annotate(
        help=Count("pk", filter=Q(kind=kind.HELP)),
        urgent_calls=Count("pk", filter=Q(kind=kind.URGENT_CALL)),
        mistakes=Count("pk", filter=Q(outcome=outcome.MISTAKE)),
        unanswered=Count("pk", filter=Q(taken_at=None)),
    )
    return counted


def _waits(rows: Requests) -> dict[date, dict[tuple[str, float], float]]:
    """Return the percentiles of each month, in seconds, by step and share."""
    # As HelpRequest.waits_since.
    since = Case(When(clock_trusted=True, then=Least("raised_at", "received_at")), default=F("received_at"))
    wanted = Q()
    for step, shares in (("taken", TAKEN), ("arrived", ARRIVED)):
        waited = ExpressionWrapper(F(f"{step}_at") - since, DurationField())
        order = F(f"{step}_s").asc(nulls_last=True)
        rows = rows.annotate(**{f"{step}_s": waited}).annotate(
            **{
                f"{step}_place": Window(RowNumber(), partition_by=[F("month")], order_by=order),
                f"{step}_of": Window(Count(f"{step}_at"), partition_by=[F("month")]),
            }
        )
        for share in shares:
            wanted |= Q(**{f"{step}_place": Ceil(F(f"{step}_of") * share)})
    found: dict[date, dict[tuple[str, float], float]] = {}
    fields = ("month", "taken_place", "taken_of", "taken_s", "arrived_place", "arrived_of", "arrived_s")
    for month, *numbers in rows.filter(wanted).values_list(*fields):
        for step, shares, (place, of, waited) in (
            ("taken", TAKEN, numbers[:3]), ("arrived", ARRIVED, numbers[3:]),
        ):  # fmt: skip
            for share in shares:
                if of and place == ceil(of * share):
                    found.setdefault(localtime(month).date(), {})[step, share] = waited.total_seconds()
    return found


def _row(counted: dict[str, int], waits: dict[tuple[str, float], float]) -> list[Value]:
    return [
        *(counted.get(name, 0) for name in ("help", "urgent_calls", "mistakes", "unanswered")),
        *(waits.get(("taken", share)) for share in TAKEN),
        *(waits.get(("arrived", share)) for share in ARRIVED),
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
