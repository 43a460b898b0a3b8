"""The part of a resident's calendar that is sent to the screen: up to a horizon, limited in number."""

import logging
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
    found: list[Occurrence] = []
    horizons: list[str] = []
    for row in Appointment.objects.filter(resident=resident).prefetch_related("cancelled"):
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
