"""Residents' appointments of one day, and cancelling a single occurrence (M1)."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from cloud.calendar.agenda import ahead
from cloud.calendar.models import Appointment, CancelledTime
from cloud.organisations.models import User
from cloud.people.models import Resident

MOST_LOOKED_AT = 20_000


@dataclass(frozen=True)
class Booked:
    """One occurrence of an appointment; ``starts`` is a wall time."""

    appointment: int
    resident: Resident
    title: str
    performer: str
    starts: str
    time_zone: str


def booked(residents: QuerySet[Resident], day: date, performer: str) -> Iterator[Booked]:
    """Yield occurrences in order of time; an empty performer matches any."""
    rows = Appointment.objects.filter(resident__in=residents, performer__icontains=performer)
    found: list[Booked] = []
    for row in rows.select_related("resident__organisation").prefetch_related("cancelled")[:MOST_LOOKED_AT]:
        try:
            found += [
                Booked(row.pk, row.resident, each.title, row.performer, each.starts, each.time_zone or "")
                for each in ahead(row)
                if each.starts.startswith(day.isoformat())
            ]
        except (ValueError, TypeError, KeyError, AttributeError):
            # The resident's calendar page marks an invalid row.
            continue
    return iter(sorted(found, key=lambda each: (each.starts, each.resident.pk)))


def cancel(appointment: int, starts: str, by: User) -> None:
    """Cancel this occurrence; the others remain."""
    CancelledTime.objects.get_or_create(appointment_id=appointment, starts=starts, defaults={"by": by})


def performers(residents: Collection[Resident]) -> dict[str, str]:
    """Return the performers by the id of their appointment in the calendar document."""
    rows = Appointment.objects.filter(resident__in=residents).exclude(performer="")
    return {str(pk): performer for pk, performer in rows.values_list("pk", "performer")}
