"""What a resident's screen is sent of their calendar: occurrences up to a horizon, bounded in number."""

from datetime import date, timedelta

from django.utils.timezone import localdate

from cloud.calendar.expansion import occurrences
from cloud.calendar.models import Appointment
from cloud.people.models import Resident
from device.contract.documents import Occurrence

# As many as the contract carries.
MOST_OCCURRENCES = 1000
# A screen may be a zone behind, and what began yesterday may go on.
PAST = timedelta(days=2)


def occurrences_of(resident: Resident) -> tuple[list[Occurrence], str | None]:
    """Return what is ahead, and the last day up to which nothing is missing; None where nothing repeats."""
    rows = list(Appointment.objects.filter(resident=resident))
    earliest = (localdate() - PAST).isoformat()
    found = [
        _occurrence(row, each)
        for row in rows
        for each in occurrences(row)
        if max(each["starts"], each["ends"]) >= earliest
    ]
    found.sort(key=lambda each: (each.starts, each.id))
    horizons = [row.expanded_until for row in rows if row.expanded_until]
    if len(found) > MOST_OCCURRENCES:
        cut = date.fromisoformat(found[MOST_OCCURRENCES].starts[:10]) - timedelta(days=1)
        horizons.append(cut.isoformat())
    return found[:MOST_OCCURRENCES], min(horizons, default=None)


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
