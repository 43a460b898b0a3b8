"""The day's alarms as the desk and as the partner know them: what differs is found the day after (S4)."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.timezone import get_default_timezone

from cloud.help.models import HelpRequest, HelpStep, Partner
from cloud.organisations.models import User
from cloud.partner import registrations
from cloud.partner.models import AlarmMessage, Comparison
from cloud.partner.number_list import read_numbers

MOST_ALARMS = 10_000
MOST_NAMED = 200
LONGEST_NUMBER = 64
_ID = re.compile(r"[A-Za-z0-9_.:-]{1,64}")
State = Comparison.State


@dataclass(frozen=True)
class Alarm:
    """A request that the partner was notified of, with every number by which the partner may know it."""

    request: int
    help_id: str
    received_at: datetime
    numbers: frozenset[str]


@dataclass(frozen=True)
class Differences:
    """Requests that only the desk has, and numbers that only the partner has."""

    unknown_there: list[int]
    unknown_here: list[str]


def compare(alarms: Iterable[Alarm], there: set[str]) -> Differences:
    """Return what only one side knows. An alarm is matched by any of its numbers."""
    known = list(alarms)
    numbers = {number for alarm in known for number in alarm.numbers}
    return Differences(
        unknown_there=[alarm.request for alarm in known if there.isdisjoint(alarm.numbers)],
        unknown_here=sorted(there - numbers),
    )


def read(text: str) -> set[str]:
    """The numbers in the partner's list of alarms. Raises ``NotAList``."""
    return read_numbers(text, _ID, MOST_ALARMS)


def alarms_of(partner: Partner, day: date) -> list[Alarm]:
    """Return the requests this partner was successfully notified of on that day of the desk's clock."""
    notified = HelpStep.objects.filter(kind=HelpStep.Kind.PARTNER, request__in=_requests(partner))
    notified = notified.filter(outcome__in=(HelpStep.Outcome.SENT, HelpStep.Outcome.DELIVERED))
    since, until = bounds(day)
    rows = HelpRequest.objects.filter(steps__in=notified.filter(at__gte=since, at__lt=until)).distinct()
    rows = rows.prefetch_related("merged").order_by("received_at", "pk")[:MOST_ALARMS]
    found = list(rows)
    refs: dict[int, set[str]] = {}
    messages = AlarmMessage.objects.filter(request__in=[row.pk for row in found])
    for request, ref in messages.values_list("request", "ref"):
        refs.setdefault(request, set()).add(ref)
    return [
        Alarm(
            request=row.pk,
            help_id=row.help_id,
            received_at=row.received_at,
            numbers=frozenset(
                {row.help_id, *(each.help_id for each in row.merged.all()), *refs.get(row.pk, ())}
            ),
        )
        for row in found
    ]


def keep(partner: Partner, day: date, there: set[str], registered: set[str] | None = None) -> Comparison:
    """Compare and store the differences; ``registered`` are the residents that the partner knows."""
    alarms = alarms_of(partner, day)
    # Reported on the day before or after: no difference, but an alarm about midnight.
    beside = [each for step in (-1, 1) for each in alarms_of(partner, day + timedelta(days=step))]
    found = compare(alarms, there)
    neighbours = {number for alarm in beside for number in alarm.numbers}
    unknown_here = [number for number in found.unknown_here if number not in neighbours]
    residents: list[str] = []
    if registered is not None:
        drift = registrations.confirm(partner.organisation, registered)
        residents = [*(each.number for each in drift.unknown_there), *drift.unknown_here]
    differs = bool(found.unknown_there or unknown_here or residents)
    return Comparison.objects.update_or_create(
        partner=partner,
        day=day,
        defaults={
            "state": State.DIFFERS if differs else State.SAME,
            "tried_at": timezone.now(),
            "reason": "",
            "alarms": len(alarms),
            "unknown_there": found.unknown_there[:MOST_NAMED],
            "unknown_here": unknown_here[:MOST_NAMED],
            "residents": residents[:MOST_NAMED],
            "settled_at": None,
            "settled_by": None,
        },
    )[0]


def bounds(day: date) -> tuple[datetime, datetime]:
    """When a day of the desk's clock begins and ends."""
    zone = get_default_timezone()
    starts = datetime.combine(day, datetime.min.time(), zone)
    return starts, datetime.combine(day + timedelta(days=1), datetime.min.time(), zone)


def older_than(then: datetime) -> QuerySet[Comparison]:
    """Return the comparisons of days before this one."""
    return Comparison.objects.filter(day__lt=then.date())


def warnings(user: User) -> dict[str, object]:
    """Return the help board's warnings: comparisons that differ or failed and were not handled."""
    open_ones = Comparison.objects.visible_to(user).filter(settled_at=None)
    rows = open_ones.filter(state__in=(State.DIFFERS, State.FAILED)).select_related("partner__organisation")
    return {"comparisons": rows[:5]}


def _requests(partner: Partner) -> QuerySet[HelpRequest]:
    path = partner.organisation.path
    rows = HelpRequest.objects.filter(organisation__path__startswith=path)
    # Below may be another partner, who is notified in place of this one.
    nearer = Partner.objects.filter(organisation__path__startswith=path).exclude(pk=partner.pk)
    for other in nearer.values_list("organisation__path", flat=True):
        rows = rows.exclude(organisation__path__startswith=other)
    return rows
