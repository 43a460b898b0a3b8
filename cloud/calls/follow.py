"""Ends calls when residents, contacts or devices change (V8, V9)."""

from cloud.calls.ending import withdraw_contact, withdraw_device, withdraw_resident
from cloud.calls.own import take_links_back
from cloud.devices.models import Device
from cloud.people.models import Contact, Resident


def resident_changed(*, resident: Resident, **_signal: object) -> None:
    """End calls that new settings or a changed list do not permit."""
    withdraw_resident(resident)


def contact_changed(*, contact: Contact, **_signal: object) -> None:
    """Locked, taken off a list, or a professional now."""
    take_links_back(contact)
    withdraw_contact(contact)


def device_reassigned(*, device: Device, **_signal: object) -> None:
    """End calls of a device that was retired or reassigned."""
    withdraw_device(device)
