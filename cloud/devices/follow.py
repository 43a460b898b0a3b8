"""Updates documents when residents change (K1)."""

from cloud.devices.documents import refresh_contact, refresh_organisation, refresh_resident
from cloud.devices.models import Device
from cloud.notify import live_updates
from cloud.organisations.models import Organisation
from cloud.people.models import Contact, Resident


def resident_moved(*, resident: Resident, before: Organisation, **_signal: object) -> None:
    """Move the device to its resident's organisation."""
    # Event handling locks the device too: a press meanwhile is stored before or after.
    for device in Device.objects.select_for_update(of=("self",)).filter(resident=resident):
        device.organisation = resident.organisation
        device.save(update_fields=["organisation"])
    for home in (before, resident.organisation):
        live_updates.changed(home, live_updates.DEVICE)


def resident_changed(*, resident: Resident, **_signal: object) -> None:
    """Compose the documents of the resident's device again, and send those that changed."""
    refresh_resident(resident)


def contact_changed(*, contact: Contact, **_signal: object) -> None:
    """Update the screens of all who know the contact."""
    refresh_contact(contact)


def closed_days_changed(*, organisation: Organisation, **_signal: object) -> None:
    """Update the screens of the organisation's residents."""
    refresh_organisation(organisation)


def organisation_moved(*, organisation: Organisation, **_signal: object) -> None:
    """Update the screens of the organisation's residents, whose inherited settings may have changed."""
    refresh_organisation(organisation)
