"""Follows residents: a view for new ones, and a device of one who has moved away goes into stock."""

from cloud.devices.documents import refresh
from cloud.devices.incoming import device_reassigned
from cloud.devices.models import Device
from cloud.people.models import Resident
from cloud.screens.models import ResidentView


def resident_added(*, resident: Resident, **_signal: object) -> None:
    """Create the view of a new resident, with everything as the organisation sets it."""
    ResidentView(resident=resident).save()


def resident_archived(*, resident: Resident, **_signal: object) -> None:
    """Put the resident's device into stock: it forgets them with its next documents."""
    for device in Device.objects.select_for_update(of=("self",)).filter(resident=resident):
        device.resident, device.use = None, Device.Use.IN_STOCK
        device.save(update_fields=["resident", "use"])
        refresh(device)
        device_reassigned.send(Device, device=device)
