"""The café and events by month and by table: who came is only counted, and how long they stayed (V28)."""

from collections import defaultdict
from datetime import date, datetime

from django.utils import timezone
from django.utils.timezone import localtime
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cloud.base.reports import Column, Numbers, Part, Report, Value, by_month, percentile, within
from cloud.cafe.models import Seat
from cloud.organisations.models import User
from cloud.organisations.scope import ScopedQuerySet

_FIELDS = ("room", "meeting__title", "resident", "contact", "user", "entered_at", "left_at")
MOST_TABLES = 100


def read(user: User, path: str, months: list[date]) -> Numbers:
    """Count the visits to tables that began in each month, and of the whole period by table."""
    seats = list(_seats(user, path, months).select_related("meeting").only(*_FIELDS))
    return Numbers([_row(each) for each in by_month(seats, _entered_at, months)], _by_table(seats))


def _by_table(seats: list[Seat]) -> list[Part]:
    """Count the visits to the café and to each event, those with most visits first."""
    by_name: dict[str, list[Seat]] = defaultdict(list)
    for seat in seats:
        by_name[str(seat.meeting or gettext("Café"))].append(seat)
    busiest = sorted(by_name.items(), key=lambda table: (-len(table[1]), table[0].casefold()))
    return [Part(name, _row(visits)) for name, visits in busiest[:MOST_TABLES]]


def _seats(user: User, path: str, months: list[date]) -> ScopedQuerySet[Seat]:
    found = Seat.objects.visible_to(user).filter(organisation__path__startswith=path)
    return within(found, "entered_at", months)


def _entered_at(seat: Seat) -> datetime:
    # Those who never entered are not among the rows.
    return seat.entered_at or seat.asked_at


def _row(seats: list[Seat]) -> list[Value]:
    now = timezone.now()
    stayed = [((each.left_at or now) - each.entered_at).total_seconds() for each in seats if each.entered_at]
    return [
        len(seats),
        len({each.person for each in seats}),
        len({(each.room, localtime(_entered_at(each)).date()) for each in seats}),
        sum(bool(each.contact_id) for each in seats),
        percentile(stayed, 0.5),
        percentile(stayed, 0.9),
        round(sum(stayed) / 60),
    ]


REPORT = Report(
    "cafe",
    _("Café and events"),
    (
        Column(_("Visits")),
        Column(_("Different people")),
        Column(_("Gatherings")),
        Column(_("Visits of relatives")),
        Column(_("Stayed, half of them"), "s"),
        Column(_("Stayed, nine of ten"), "s"),
        Column(_("Minutes at the tables"), "min"),
    ),
    read,
    part_heading=_("Table"),
    # Who sat how long, by name, is for those who may see it there.
    record="cafe:record",
)
