"""What a resident's screen is sent of their calendar: occurrences up to a horizon, bounded in number."""

import logging
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils.timezone import localdate

from cloud.calendar.expansion import occurrences, repeats
from cloud.calendar.models import Appointment
from cloud.people.models import Resident
from device.contract.documents import Occurrence

log = logging.getLogger(__name__)

# As many as the contract carries.
MOST_OCCURRENCES = 1000
# A screen may be a zone behind, and what began yesterday may go on.
PAST = timedelta(days=2)


def occurrences_of(resident: Resident) -> tuple[list[Occurrence], str | None]:
    """Return what is ahead, and the last day up to which nothing is missing; None where nothing repeats.

    A row that cannot be read is left out, so that it holds up no other document; nothing is then known to be
    empty (K4), and the desk marks the row.
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
    """Return what is ahead of one row; raise an error of Python's own where it cannot be read."""
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
    """Title and place as the desk shows them, unless this one time has words of its own."""
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
