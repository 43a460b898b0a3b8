"""The part of a resident's calendar that is sent to the screen: up to a horizon, limited in number."""

import logging
from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils.timezone import localdate

from cloud.calendar.expansion import occurrences, repeats
from cloud.calendar.models import Appointment
from cloud.people.models import Resident
from device.contract.documents import Occurrence

log = logging.getLogger(__name__)

# The contract's maximum.
MOST_OCCURRENCES = 1000
# A screen may be a zone behind, and yesterday's occurrence may still be running.
PAST = timedelta(days=2)


def occurrences_of(resident: Resident) -> tuple[list[Occurrence], str | None]:
    """Return upcoming occurrences, and the last day that is complete; None where nothing repeats.

    An invalid row is left out, so that it blocks no other document; the device then does not claim an empty
    day (K4), and the desk marks the row.
    """
    return _occurrences(_rows([resident])[resident.pk])


def occurrences_of_each(residents: Collection[Resident]) -> dict[int, list[Occurrence]]:
    """Return the upcoming occurrences of many residents, by the resident's id."""
    return {pk: _occurrences(rows)[0] for pk, rows in _rows(residents).items()}


def _rows(residents: Collection[Resident]) -> dict[int, list[Appointment]]:
    found: dict[int, list[Appointment]] = defaultdict(list)
    for row in Appointment.objects.filter(resident__in=residents).prefetch_related("cancelled"):
        found[row.resident_id].append(row)
    return found


def _occurrences(rows: Iterable[Appointment]) -> tuple[list[Occurrence], str | None]:
    found: list[Occurrence] = []
    horizons: list[str] = []
    for row in rows:
        try:
            found += ahead(row)
            if repeats(row):
                horizons.append(date.fromisoformat(row.expanded_until).isoformat())
        except (ValueError, TypeError, KeyError, AttributeError):
            log.exception("Appointment %s cannot be sent", row.pk)
            horizons.append((localdate() - PAST).isoformat())
    found.sort(key=lambda each: (each.starts, each.id))
    if len(found) > MOST_OCCURRENCES:
        cut = date.fromisoformat(found[MOST_OCCURRENCES].starts[:10]) - timedelta(days=1)
        horizons.append(cut.isoformat())
    return found[:MOST_OCCURRENCES], min(horizons, default=None)


def ahead(row: Appointment) -> list[Occurrence]:
    """Return upcoming occurrences of one row. Raises built-in exceptions where it is invalid."""
    earliest = (localdate() - PAST).isoformat()
    cancelled = {each.starts for each in row.cancelled.all()}
    ahead = [
        each
        for each in occurrences(row)
        if max(each["starts"], each["ends"]) >= earliest and each["starts"] not in cancelled
    ]
    for each in ahead:
        datetime.fromisoformat(each["starts"])
        datetime.fromisoformat(each["ends"] or each["starts"])
        ZoneInfo(each["time_zone"] or "UTC")
    return [_occurrence(row, each) for each in ahead]


def _occurrence(row: Appointment, each: dict[str, object]) -> Occurrence:
    """Return title and place as the desk shows them, unless this occurrence overrides them."""
    master_title, master_place = row.source.get("title", ""), row.source.get("place", "")
    is_own = each["title"] not in ("", master_title)
    return Occurrence(
        id=str(row.pk),
        title=str(each["title"]) if is_own else row.title,
        starts=str(each["starts"]),
        ends=str(each["ends"]) or None,
        all_day=bool(each["all_day"]),
        place=str(each["place"]) if each["place"] not in ("", master_place) else row.place,
        time_zone=str(each["time_zone"]) or None,
    )
