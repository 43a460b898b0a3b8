"""Composes the calendar document of a device: appointments and the café's hours."""

from cloud.calendar.agenda import occurrences_of
from cloud.calendar.models import MOST_CLOSED_DAYS, Cafe
from cloud.devices.documents import NO_VERSION
from cloud.devices.models import Device
from cloud.people.models import Resident
from cloud.screens.zone import closed_days_of
from device.contract import documents as contract
from device.contract.hours import OpeningHours


def calendar(device: Device, document: contract.Calendar) -> contract.Calendar:
    """Return the resident's upcoming appointments and their café's hours."""
    resident = device.resident
    if resident is None:
        return document
    cafe = Cafe.serving(resident.organisation)
    occurrences, known_until = occurrences_of(resident)
    return contract.Calendar(
        version=NO_VERSION,
        occurrences=occurrences,
        known_until=known_until,
        cafe=_cafe(cafe, resident) if cafe else contract.Cafe(),
    )


def _cafe(cafe: Cafe, resident: Resident) -> contract.Cafe:
    hours = [
        OpeningHours(days=each["days"], opens=each["opens"], closes=each["closes"]) for each in cafe.hours
    ]
    closed_on = set(cafe.closed_on) | set(closed_days_of(resident) if cafe.closed_on_holidays else [])
    return contract.Cafe(name=cafe.name, hours=hours, closed_on=sorted(closed_on)[-MOST_CLOSED_DAYS:])
