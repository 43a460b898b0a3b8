"""Adds contacts' presence and the call limit to a device's documents."""

from msgspec.structs import replace

from cloud.calls.presence import last_here, presences
from cloud.calls.settings import limit_min
from cloud.devices.models import Device
from cloud.people.models import Contact
from device.contract import documents as contract


def add_presence(_device: Device, document: contract.People) -> contract.People:
    """Set the presence of contacts with a personal link from their page (V26)."""
    known = Contact.objects.filter(pk__in=[int(each.id) for each in document.contacts])
    now = {str(pk): presence for pk, presence in presences(known).items()}
    last = {str(pk): at for pk, at in last_here(contact.pk for contact in known).items()}
    contacts = [
        replace(each, presence=now.get(each.id, each.presence), last_here=last.get(each.id))
        for each in document.contacts
    ]
    return replace(document, contacts=contacts)


def add_limit(device: Device, document: contract.Policy) -> contract.Policy:
    """Set the number of minutes after which a call ends (V21)."""
    if device.resident is None:
        return document
    return replace(document, call_limit_min=limit_min(device.resident))
