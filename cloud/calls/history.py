"""Past calls for the desk: filtering, statistics, CSV (V13, V28)."""

import csv
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Literal

from django.db.models import Count, F, Q, Sum
from django.db.models.functions import TruncDay, TruncMonth, TruncWeek
from django.utils.timezone import get_current_timezone, localtime
from django.utils.translation import gettext as _

from cloud.base.csv_cell import cell
from cloud.calls.missed import is_missed
from cloud.calls.models import Call
from cloud.calls.words import at_desk
from cloud.organisations.scope import ScopedQuerySet

Step = Literal["day", "week", "month"]
_STEPS = {"day": TruncDay, "week": TruncWeek, "month": TruncMonth}
Calls = ScopedQuerySet[Any]


@dataclass(frozen=True)
class Counts:
    """Numbers of calls. ``groups`` counts a call to several residents at once as one."""

    calls: int
    groups: int
    answered: int
    forced: int
    missed: int
    minutes: int
    reasons: list[tuple[str, int]]
    contacts: int
    residents: int


def between(calls: Calls, since: date | None, until: date | None) -> Calls:
    """Return calls from the first to the last of these days, inclusive, by the desk's clock."""
    if since:
        calls = calls.filter(offered_at__gte=_midnight(since))
    if until:
        calls = calls.filter(offered_at__lt=_midnight(until + timedelta(days=1)))
    return calls


def counts(calls: Calls) -> Counts:
    """Count these calls, their groups, outcomes, people and seconds."""
    plain = calls.order_by()
    said = plain.aggregate(
        calls=Count("pk"),
        answered=Count("pk", filter=Q(answered_at__isnull=False)),
        forced=Count("pk", filter=Q(kind=Call.Kind.FORCED)),
        missed=Count("pk", filter=is_missed()),
        seconds=Sum("seconds", default=0.0),
        contacts=Count("contact", distinct=True),
        residents=Count("resident", distinct=True),
    )
    seconds = said.pop("seconds")
    reasons = Counter(dict(plain.exclude(reason="").values_list("reason").annotate(Count("pk"))))
    named = [(str(Call.Reason(reason).label), count) for reason, count in reasons.most_common()]
    # Sorting as many texts, which an aggregate does, would take longer than all the rest.
    groups = plain.values("group").distinct().count()
    return Counts(**said, groups=groups, minutes=round(seconds / 60), reasons=named)


def periods(calls: Calls, step: Step) -> list[dict[str, Any]]:
    """Return statistics by period, the newest first: calls, forced and missed ones, and length (V28)."""
    rows = (
        calls.order_by()
        .annotate(begins=_STEPS[step]("offered_at"))
        .values("begins")
        .annotate(
            calls=Count("pk"),
            answered=Count("pk", filter=Q(answered_at__isnull=False)),
            forced=Count("pk", filter=Q(kind=Call.Kind.FORCED)),
            missed=Count("pk", filter=is_missed()),
            total_s=Sum("seconds", default=0.0),
        )
        .order_by(F("begins").desc())
    )
    return [{**row, "minutes": round(row["total_s"] / 60)} for row in rows]


def write(calls: Iterable[Call], out: Any) -> None:
    """Write the calls as CSV (RFC 4180), one a line."""
    writer = csv.writer(out)
    writer.writerow(
        [
            _("Call id"), _("At once with"), _("Kind"), _("Resident"), _("Caller"), _("Began"), _("Answered"),
            _("Ended"), _("Seconds"), _("Outcome"), _("Reason"), _("In the caller's words"),
            _("Organisation"),
        ]
    )  # fmt: skip
    for call in calls:
        writer.writerow(list(map(cell, _line(call))))


def write_periods(rows: Iterable[dict[str, Any]], out: Any) -> None:
    """Write the report as CSV."""
    writer = csv.writer(out)
    writer.writerow([_("From"), _("Calls"), _("Answered"), _("Forced"), _("Missed"), _("Minutes")])
    for row in rows:
        day = localtime(row["begins"]).date().isoformat()
        writer.writerow([day, row["calls"], row["answered"], row["forced"], row["missed"], row["minutes"]])


def _line(call: Call) -> Iterator[object]:
    yield call.pk
    yield call.group
    yield call.get_kind_display()
    yield call.resident
    yield call.contact or ""
    yield from (_moment(at) for at in (call.offered_at, call.answered_at, call.ended_at))
    yield round(call.seconds, 1)
    yield at_desk(call.why)
    yield call.get_reason_display()
    yield call.reason_text
    yield call.organisation


def _moment(at: datetime | None) -> str:
    return localtime(at).isoformat(timespec="seconds") if at else ""


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), get_current_timezone())


def ended_before(moment: datetime) -> Calls:
    """Return calls that ended before this moment; the log of forced calls has only numbers, and is kept."""
    return Call.objects.filter(ended_at__lt=moment)
