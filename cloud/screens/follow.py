"""Creates views for new residents."""

from cloud.people.models import Resident
from cloud.screens.models import ResidentView


def resident_added(*, resident: Resident, **_signal: object) -> None:
    """Create the view of a new resident, with everything as the organisation sets it."""
    ResidentView(resident=resident).save()
