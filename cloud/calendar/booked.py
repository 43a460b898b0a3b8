"""Who has something in their calendar on a day, and taking one time of it out (M1)."""

from collections.abc import Iterator
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
    """One time of one appointment; ``starts`` is a wall time."""

    appointment: int
    resident: Resident
    title: str
    performer: str
    starts: str
    time_zone: str


def booked(residents: QuerySet[Resident], day: date, performer: str) -> Iterator[Booked]:
    """In the order of their times; an empty performer is any."""
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
            # The page of its resident marks a row that cannot be read.
            continue
    return iter(sorted(found, key=lambda each: (each.starts, each.resident.pk)))


def cancel(appointment: int, starts: str, by: User) -> None:
    """This one time does not take place; the others do."""
    CancelledTime.objects.get_or_create(appointment_id=appointment, starts=starts, defaults={"by": by})


def performers(resident: Resident) -> dict[str, str]:
    """Who performs what, by the id that the calendar gives it."""
    rows = Appointment.objects.filter(resident=resident).exclude(performer="")
    return {str(pk): performer for pk, performer in rows.values_list("pk", "performer")}
