"""Creates a call that the resident requested."""

from django.utils import timezone

from cloud.calls import settings
from cloud.calls.models import Call
from cloud.devices.models import Device
from cloud.people.models import Resident


def opened(call_id: str, kind: Call.Kind, device: Device, resident: Resident) -> Call:
    """Create a ringing call with the device's id, without recipients yet."""
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
