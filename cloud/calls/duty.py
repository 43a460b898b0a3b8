"""Duty officers by organisation, and where there are none (V11)."""

from dataclasses import dataclass

from cloud.calls import settings
from cloud.calls.presence import is_here
from cloud.calls.ways import with_phone
from cloud.organisations.models import Organisation, User
from cloud.people.models import Contact
from cloud.screens.models import ResidentView


@dataclass(frozen=True)
class Duty:
    """One organisation; ``is_needed`` where a resident has the button for urgent calls."""

    organisation: Organisation
    officer: Contact | None
    is_here: bool
    rings: bool
    is_needed: bool


def duties(user: User) -> list[Duty]:
    """Return the duty officers of every organisation that the user sees."""
    return [_duty(each, user) for each in Organisation.objects.visible_to(user).order_by("path")]


def unattended(user: User) -> list[Duty]:
    """Return organisations where urgent calls ring nobody and only appear on the board."""
    return [duty for duty in duties(user) if duty.is_needed and not (duty.is_here or duty.rings)]


def beside_board(user: User) -> dict[str, object]:
    """Return the board's context: ``unattended``."""
    return {"unattended": unattended(user)}


def _duty(organisation: Organisation, user: User) -> Duty:
    officer = settings.duty_officer(organisation)
    views = ResidentView.objects.visible_to(user).filter(
        resident__organisation=organisation, urgent_call=True
    )
    is_open = bool(officer and is_here(officer))
    rings = bool(officer and with_phone([officer.pk]))
    return Duty(organisation, officer, is_open, rings, views.exists())
