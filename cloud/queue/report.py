"""Customer service by month and by service: how many came, and how long they waited (V28)."""

from collections import defaultdict
from datetime import date

from django.utils.translation import gettext_lazy as _

from cloud.base.reports import Column, Numbers, Part, Report, Value, by_month, percentile, within
from cloud.organisations.models import User
from cloud.organisations.scope import ScopedQuerySet
from cloud.queue.models import Visit

_FIELDS = ("queue__name", "stage", "way", "joined_at", "first_served_at", "ended_at", "rating")


def read(user: User, path: str, months: list[date]) -> Numbers:
    """Count the visits that began in each month, and of the whole period by service."""
    found = _visits(user, path, months).select_related("queue").only(*_FIELDS)
    visits = list(found.order_by("queue__name", "number"))
    by_queue: dict[str, list[Visit]] = defaultdict(list)
    for visit in visits:
        by_queue[visit.queue.name].append(visit)
    monthly = by_month(visits, lambda visit: visit.joined_at, months)
    return Numbers(list(map(_row, monthly)), [Part(name, _row(each)) for name, each in by_queue.items()])


def _visits(user: User, path: str, months: list[date]) -> ScopedQuerySet[Visit]:
    found = Visit.objects.visible_to(user).filter(queue__organisation__path__startswith=path)
    return within(found, "joined_at", months)


def _row(visits: list[Visit]) -> list[Value]:
    waited = [
        (each.first_served_at - each.joined_at).total_seconds() for each in visits if each.first_served_at
    ]
    served = [
        (each.ended_at - each.first_served_at).total_seconds()
        for each in visits
        if each.first_served_at and each.ended_at
    ]
    return [
        len(visits),
        len(waited),
        sum(each.stage == Visit.Stage.ENDED and not each.first_served_at for each in visits),
        sum(each.way == "video" for each in visits),
        percentile(waited, 0.5),
        percentile(waited, 0.9),
        percentile(served, 0.5),
        round(sum(served) / 60),
        sum(each.rating == "bad" for each in visits),
    ]


REPORT = Report(
    "service",
    _("Customer service"),
    (
        Column(_("Visits")),
        Column(_("Served")),
        Column(_("Left before they were served")),
        Column(_("By video")),
        Column(_("Waited, half of them"), "s"),
        Column(_("Waited, nine of ten"), "s"),
        Column(_("Were served for, half of them"), "s"),
        Column(_("Minutes of service"), "min"),
        Column(_("Not content")),
    ),
    read,
    part_heading=_("Service"),
)
