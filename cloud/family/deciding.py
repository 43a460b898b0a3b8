"""Approves an application with residents and permissions, or refuses it with a reason (V18)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from django.db import transaction
from django.utils import timezone

from cloud.calls import links
from cloud.family import letters
from cloud.family.models import Application
from cloud.organisations.models import User
from cloud.organisations.roles import Verb
from cloud.organisations.scope import ScopedQuerySet
from cloud.people import forced_calls
from cloud.people.models import Contact, Relation, Resident
from cloud.people.signals import contact_changed, resident_changed

LINK_LIFETIME = timedelta(days=365)

# Mutually visible · the relative is hidden from the resident · forced calls too, once a second person has
# confirmed them.
View = Literal["both", "one-way", "forced"]


class TooLate(Exception):
    """Another user has decided this application meanwhile."""


@dataclass(frozen=True)
class Admission:
    """The permitted residents and calls; ``contact`` is an existing contact, if there is one."""

    residents: Sequence[Resident]
    view: View
    words: str
    contact: Contact | None = None


@transaction.atomic
def approve(application: Application, admission: Admission, by: User) -> Contact:
    """Create the contact, add them to the lists, and notify them."""
    application = _undecided(application.pk)
    contact = admission.contact or _contact(application, admission.residents[0])
    for resident in admission.residents:
        facts = {
            "words": admission.words,
            "visible_to_resident": admission.view != "one-way",
            "order": resident.relations.count(),
        }
        relation, _ = Relation.objects.get_or_create(resident=resident, contact=contact, defaults=facts)
        if admission.view == "forced" and not relation.may_force_call:
            forced_calls.propose_right(relation, by)
    link, _secret = links.make(contact, by=by, lifetime=LINK_LIFETIME)
    application.contact = contact
    _close(application, Application.State.APPROVED, by)
    letters.welcome(application, link)
    contact_changed.send(Contact, contact=contact)
    for resident in admission.residents:
        resident_changed.send(Resident, resident=resident)
    return contact


@transaction.atomic
def refuse(application: Application, reason: str, by: User) -> None:
    """Refuse the application and send the reason."""
    application = _undecided(application.pk)
    application.reason = reason
    _close(application, Application.State.REFUSED, by)
    letters.refusal(application)


def _undecided(pk: int) -> Application:
    rows = Application.objects.select_for_update(of=("self",)).select_related("organisation")
    found = rows.filter(pk=pk, state=Application.State.WAITING).first()
    if found is None:
        raise TooLate
    return found


def _contact(application: Application, resident: Resident) -> Contact:
    return Contact.objects.create(
        organisation=resident.organisation,
        first_name=application.first_name,
        last_name=application.last_name,
        email=application.email,
        phone=application.phone,
    )


def _close(application: Application, state: Application.State, by: User) -> None:
    application.state, application.decided_at, application.decided_by = state, timezone.now(), by
    application.sent_from = ""
    application.save()


def waiting(user: User) -> ScopedQuerySet[Application]:
    """Return the applications that wait for a decision by this user."""
    rows = Application.objects.visible_to(user.acting(Verb.ADMIT_RELATIVES))
    return rows.filter(state=Application.State.WAITING)
