"""What the reminders of residents follow from, read for many with as many queries as for one."""

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.db.models import prefetch_related_objects

from cloud.devices.models import Device
from cloud.messages.models import OptOut, ReminderType, ResidentPhone
from cloud.people.models import Resident
from cloud.screens.models import ResidentView
from cloud.screens.zone import zone_of_view
from device.contract.documents import Occurrence

# The appointments by the resident's id; the desk app connects it to the calendar.
Calendar = Callable[[Collection[Resident]], Mapping[int, list[Occurrence]]]
# Performers by the id of the occurrence.
Performers = Callable[[Collection[Resident]], Mapping[str, str]]
_calendars: list[tuple[Calendar, Performers]] = []


def connect(calendar: Calendar, performers: Performers) -> None:
    """Set the calendar whose appointments have reminders."""
    _calendars.append((calendar, performers))


@dataclass(frozen=True)
class Facts:
    """One resident's appointments, with the types of reminders that serve them, and how they are reached."""

    resident: Resident
    types: list[ReminderType]
    occurrences: list[Occurrence]
    performers: Mapping[str, str]
    language: str
    zone: ZoneInfo
    has_screen: bool
    has_phone: bool


def facts_of(residents: Collection[Resident]) -> list[Facts]:
    """Return the facts of whom a type of reminders serves, who did not opt out (M9), and is there."""
    prefetch_related_objects(list(residents), "organisation")
    types, opted_out = _types(residents), _opted_out(residents)
    reminded = [
        each
        for each in residents
        if types[each.organisation_id] and "" not in opted_out[each.pk] and not each.archived_at
    ]
    if not reminded:
        return []
    views = {view.resident_id: view for view in ResidentView.objects.filter(resident__in=reminded)}
    screens = Device.objects.filter(resident__in=reminded, use=Device.Use.IN_USE)
    on_screen = set(screens.values_list("resident", flat=True))
    with_phone = set(ResidentPhone.objects.filter(resident__in=reminded).values_list("resident", flat=True))
    performers, occurrences = _appointments(reminded)
    return [
        Facts(
            resident=each,
            types=types[each.organisation_id],
            occurrences=[one for one in occurrences[each.pk] if one.id not in opted_out[each.pk]],
            performers=performers,
            language=views[each.pk].language if each.pk in views else "fi",
            zone=zone_of_view(views.get(each.pk)),
            has_screen=each.pk in on_screen,
            has_phone=each.pk in with_phone,
        )
        for each in reminded
    ]


def _types(residents: Collection[Resident]) -> dict[int, list[ReminderType]]:
    """Return the types by organisation: its own, and those of its ancestors."""
    lines = {each.organisation_id: each.organisation.line for each in residents}
    everywhere = {pk for line in lines.values() for pk in line}
    rows = list(ReminderType.objects.filter(organisation__in=everywhere).select_related("text"))
    return {pk: [row for row in rows if row.organisation_id in line] for pk, line in lines.items()}


def _opted_out(residents: Collection[Resident]) -> dict[int, set[str]]:
    found: dict[int, set[str]] = defaultdict(set)
    for row in OptOut.objects.filter(resident__in=residents):
        found[row.resident_id].add(row.appointment)
    return found


def _appointments(residents: Collection[Resident]) -> tuple[dict[str, str], dict[int, list[Occurrence]]]:
    performers: dict[str, str] = {}
    occurrences: dict[int, list[Occurrence]] = defaultdict(list)
    for calendar, performed_by in _calendars:
        performers |= performed_by(residents)
        for pk, found in calendar(residents).items():
            occurrences[pk] += found
    return performers, occurrences
