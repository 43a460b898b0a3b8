"""What screens do when residents change."""

from cloud.people.models import Resident
from cloud.screens.models import ResidentView


def resident_added(*, resident: Resident, **_signal: object) -> None:
    """Everybody has a view from the first day."""
    ResidentView(resident=resident).save()
