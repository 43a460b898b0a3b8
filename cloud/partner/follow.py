"""What the partner's part does when residents change."""

from cloud.devices.models import Device
from cloud.partner import readiness
from cloud.people.models import Resident


def resident_changed(*, resident: Resident, **_signal: object) -> None:
    """Whether the alarm may be relied on is looked at again, and their screen hears of it."""
    if Device.objects.filter(resident=resident, use=Device.Use.IN_USE).exists():
        readiness.look_at([resident])
