"""A call that the resident asked for, before anybody has answered."""

from django.utils import timezone

from cloud.calls import settings
from cloud.calls.models import Call
from cloud.devices.models import Device
from cloud.people.models import Resident


def opened(call_id: str, kind: Call.Kind, device: Device, resident: Resident) -> Call:
    """It rings, at nobody yet. The id is the device's own."""
    now = timezone.now()
    return Call.objects.create(
        id=call_id,
        kind=kind,
        group=call_id,
        organisation=resident.organisation,
        resident=resident,
        device=device,
        offered_at=now,
        limit_min=settings.limit_min(resident),
        heard_at=now,
    )
