"""Updates the partner's data when residents change."""

from cloud.devices.models import Device
from cloud.partner import readiness
from cloud.people.models import Resident


def resident_changed(*, resident: Resident, **_signal: object) -> None:
    """Check the resident's readiness again, and update their screen."""
    if Device.objects.filter(resident=resident, use=Device.Use.IN_USE).exists():
        readiness.look_at([resident])
