"""Duty officers by organisation, and where there are none (V11)."""

from dataclasses import dataclass

from django.db.models import CharField, Exists, ExpressionWrapper, F, OuterRef, QuerySet, Subquery
from django.db.models.functions import Length
from django.utils import timezone

from cloud.calls.models import CallSettings
from cloud.calls.presence import open_pages
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
    urgent = ResidentView.objects.filter(resident__organisation=OuterRef("pk"), urgent_call=True)
    rows = Organisation.objects.visible_to(user).order_by("path")
    organisations = list(rows.annotate(is_needed=Exists(urgent), officer=Subquery(_nearest_officer())))
    numbers = {each.officer for each in organisations if each.officer}
    is_here = Exists(open_pages(timezone.now()).filter(contact=OuterRef("pk")))
    officers = Contact.objects.annotate(is_here=is_here).in_bulk(numbers)
    rings = with_phone(numbers) if numbers else set()
    found = []
    for each in organisations:
        officer = officers.get(each.officer)
        found.append(
            Duty(each, officer, bool(officer and officer.is_here), each.officer in rings, each.is_needed)
        )
    return found


def _nearest_officer() -> QuerySet[CallSettings, int | None]:
    """Return the query of an organisation's officer, or of that of the nearest one above it."""
    asked = ExpressionWrapper(OuterRef("path"), CharField())
    rows = CallSettings.objects.annotate(asked=asked).filter(asked__startswith=F("organisation__path"))
    rows = rows.filter(duty_officer__locked=False, duty_officer__anonymised_at=None)
    return rows.order_by(Length("organisation__path").desc()).values_list("duty_officer", flat=True)[:1]


def unattended(user: User) -> list[Duty]:
    """Return organisations where urgent calls ring nobody and only appear on the board."""
    return [duty for duty in duties(user) if duty.is_needed and not (duty.is_here or duty.rings)]


def beside_board(user: User) -> dict[str, object]:
    """Return the board's context: ``unattended``."""
    return {"unattended": unattended(user)}
