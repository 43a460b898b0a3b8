"""What calls do when residents, contacts and devices change: what may not go on ends (V8, V9)."""

from cloud.calls.ending import withdraw_contact, withdraw_device, withdraw_resident
from cloud.calls.own import take_links_back
from cloud.devices.models import Device
from cloud.people.models import Contact, Resident


def resident_changed(*, resident: Resident, **_signal: object) -> None:
    """Their settings or their list."""
    withdraw_resident(resident)


def contact_changed(*, contact: Contact, **_signal: object) -> None:
    """Locked, taken off a list, or a professional now."""
    take_links_back(contact)
    withdraw_contact(contact)


def device_reassigned(*, device: Device, **_signal: object) -> None:
    """Out of use, or somebody else's."""
    withdraw_device(device)
