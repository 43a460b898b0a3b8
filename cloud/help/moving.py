"""A resident moves: what calls for help in their name goes along (K3)."""

from django.db import transaction

from cloud.devices.models import Device
from cloud.help.models import HelpRequest
from cloud.notify import nudge
from cloud.organisations.models import Organisation
from cloud.people.models import Resident


@transaction.atomic
def follow(resident: Resident, before: Organisation) -> None:
    """Devices and open requests belong to the new home from now on; what is over stays where it was."""
    if resident.organisation == before:
        return
    # Intake locks the device too: what is pressed meanwhile comes in before or after.
    devices = Device.objects.select_for_update(of=("self",)).filter(resident=resident)
    for device in devices:
        device.organisation = resident.organisation
        device.save(update_fields=["organisation"])
    requests = HelpRequest.objects.filter(device__in=devices, closed_at=None)
    requests.update(organisation=resident.organisation)
    for home in (before, resident.organisation):
        nudge.changed(home, nudge.HELP)
        nudge.changed(home, nudge.DEVICE)
