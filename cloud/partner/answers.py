"""Answer times of alarms against the service level: 98.5 % within 60 s and 99 % within 180 s."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from cloud.help.models import HelpRequest, HelpStep
from cloud.organisations.models import User

SOON, LATE = timedelta(seconds=60), timedelta(seconds=180)
PROMISED_SOON, PROMISED_LATE = 98.5, 99.0
# The maximum period of a report, and its maximum number of alarms.
MOST_DAYS = 366
MOST_ALARMS = 100_000


@dataclass(frozen=True)
class Times:
    """The alarms of a period, and how many were answered in time."""

    alarms: int = 0
    soon: int = 0
    late: int = 0

    @property
    def soon_percent(self) -> float:
        """Return the percentage within 60 s; 100 without alarms."""
        return 100.0 * self.soon / self.alarms if self.alarms else 100.0

    @property
    def late_percent(self) -> float:
        """Return the percentage within 180 s; 100 without alarms."""
        return 100.0 * self.late / self.alarms if self.alarms else 100.0

    @property
    def is_kept(self) -> bool:
        """Return whether the service level is met."""
        return self.soon_percent >= PROMISED_SOON and self.late_percent >= PROMISED_LATE


def count(waits: Iterable[timedelta | None]) -> Times:
    """Count waiting times; None is an unanswered alarm."""
    alarms = soon = late = 0
    for wait in waits:
        alarms += 1
        soon += wait is not None and wait <= SOON
        late += wait is not None and wait <= LATE
    return Times(alarms, soon, late)


def lately(user: User, days: int) -> Times:
    """Return the counts of the last days from the database: pages poll it every few seconds."""
    counts = {name: Count("pk", filter=_within(most)) for name, most in (("soon", SOON), ("late", LATE))}
    return Times(**_received(user, days).aggregate(alarms=Count("pk"), **counts))


def of_user(user: User, days: int) -> list[tuple[HelpRequest, timedelta | None]]:
    """Return the alarms of the last days, the newest first, with their waiting times."""
    rows = _alarms(user, days).select_related("resident", "organisation").order_by("-received_at")
    return [(row, _wait(row.received_at, row.answered_at)) for row in rows[:MOST_ALARMS]]


def waits(user: User, days: int) -> list[tuple[datetime, timedelta | None]]:
    """Return when each alarm of the last days was received, and how long it waited."""
    rows = _alarms(user, days).order_by().values_list("received_at", "answered_at")[:MOST_ALARMS]
    return [(received_at, _wait(received_at, answered_at)) for received_at, answered_at in rows]


def _alarms(user: User, days: int) -> Any:
    """Return alarms with ``answered_at``, when a person first answered."""
    first = Subquery(_taken().order_by("at").values("at")[:1])
    return _received(user, days).annotate(answered_at=Coalesce(first, "taken_at"))


def _received(user: User, days: int) -> Any:
    """Return the alarms of the last days; tests are excluded."""
    since = timezone.now() - timedelta(days=min(days, MOST_DAYS))
    rows = HelpRequest.objects.visible_to(user).filter(kind=HelpRequest.Kind.HELP, received_at__gt=since)
    return rows.exclude(outcome=HelpRequest.Outcome.TEST)


def _within(most: timedelta) -> Any:
    """Return the condition of an alarm answered within this; steps are read only where needed."""
    first = Exists(_taken().filter(at__lte=OuterRef("received_at") + most))
    return Q(taken_at__lte=F("received_at") + most) | first


def _taken() -> Any:
    return HelpStep.objects.filter(request=OuterRef("pk"), kind=HelpStep.Kind.TAKEN)


def by_day(rows: Iterable[tuple[datetime, timedelta | None]]) -> dict[date, Times]:
    """Return the counts of each day."""
    days: dict[date, list[timedelta | None]] = {}
    for received_at, wait in rows:
        days.setdefault(timezone.localtime(received_at).date(), []).append(wait)
    return {day: count(found) for day, found in sorted(days.items())}


def _wait(received_at: datetime, taken_at: datetime | None) -> timedelta | None:
    return max(taken_at - received_at, timedelta()) if taken_at else None
