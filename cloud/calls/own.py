"""Calls by signed-in users of the desk, authenticated by their session, never by a link (V10).

Their key is a personal link without a secret: it is valid for that user's session only, for a working day,
and ends with the session.
"""

import secrets
from collections.abc import Collection
from datetime import timedelta
from hashlib import sha256
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cloud.calls import ending, help_board
from cloud.calls.models import PersonalLink, StaffContact
from cloud.devices.models import Device
from cloud.organisations.models import User
from cloud.organisations.roles import Verb
from cloud.people.models import Contact, Relation, Resident

LIFETIME = timedelta(hours=12)
# Links of those who call by their session.
STAFF = Q(contact__role=Contact.Role.PROFESSIONAL) | Q(contact__staffcontact__isnull=False)
MOST_RESIDENTS = 200
NO_LINK = _("Professionals call as themselves, from the desk: they get no link.")


@transaction.atomic
def come_in(user: User) -> PersonalLink:
    """Return the user's key for today; their contact is created the first time."""
    until = timezone.now() + LIFETIME
    known = PersonalLink.objects.filter(user=user, revoked_at=None, expires_at__gt=timezone.now()).first()
    if known:
        # Another page of the same session may be in a call.
        PersonalLink.objects.filter(pk=known.pk).update(expires_at=until, used_at=timezone.now())
        return known
    return PersonalLink.objects.create(
        contact=_contact_of(user),
        user=user,
        secret_sha256=sha256(secrets.token_bytes(32)).hexdigest(),
        made_by=user,
        expires_at=until,
        used_at=timezone.now(),
    )


def end(user: User) -> None:
    """Revoke the key after sign-out."""
    PersonalLink.objects.filter(user=user, revoked_at=None).update(revoked_at=timezone.now())


def signed_out(*, user: User | None, **_signal: object) -> None:
    """Revoke the key when the session ends."""
    if user is not None:
        end(user)


def may_call(user: Any) -> bool:
    """Return whether this is a signed-in user who may answer residents or their alarms."""
    may = isinstance(user, User) and user.is_active
    return may and (user.may(Verb.ANSWER_HELP) or user.may(Verb.SEE_ALARMS))


def is_staff(contact: Contact) -> bool:
    """Whether this contact is a professional, or somebody who signs in to the desk."""
    return contact.role == Contact.Role.PROFESSIONAL or StaffContact.objects.filter(contact=contact).exists()


def staff_among(contacts: Collection[int]) -> set[int]:
    """Return which of these contacts are professionals, or sign in to the desk."""
    is_staff = Q(role=Contact.Role.PROFESSIONAL) | Q(staffcontact__isnull=False)
    return set(Contact.objects.filter(is_staff, pk__in=contacts).values_list("pk", flat=True))


def take_links_back(contact: Contact) -> None:
    """Revoke the personal links of a contact who has become a professional."""
    if is_staff(contact):
        for link in PersonalLink.objects.filter(contact=contact, user=None, revoked_at=None):
            PersonalLink.objects.filter(pk=link.pk).update(revoked_at=timezone.now())
            ending.withdraw_link(link)


def residents_of(contact: Contact) -> QuerySet[Resident]:
    """Return residents that a user of the desk may call besides those who have them on their list."""
    row = StaffContact.objects.filter(contact=contact).select_related("user").first()
    if row is None or not may_call(row.user):
        return Resident.objects.none()
    seen = Resident.objects.visible_to(row.user.acting(Verb.ANSWER_HELP))
    alarms = Resident.objects.visible_to(row.user.acting(Verb.SEE_ALARMS))
    seen |= alarms.filter(pk__in=help_board.board().answered_by(row.user))
    return seen.filter(device__use=Device.Use.IN_USE).order_by("first_name", "last_name", "pk")


def answers_help(contact: Contact, resident: Resident) -> bool:
    """Return whether this contact has taken the resident's open help request."""
    row = StaffContact.objects.filter(contact=contact).select_related("user").first()
    return row is not None and resident.pk in help_board.board().answered_by(row.user)


def relation_to(contact: Contact, resident: Resident) -> Relation:
    """Return an unlisted relation for ordinary calls only, never for forced ones."""
    return Relation(resident=resident, contact=contact, visible_to_resident=False, may_force_call=False)


def _contact_of(user: User) -> Contact:
    row = StaffContact.objects.filter(user=user).select_related("contact").first()
    if row is None:
        contact = _namesake(user) or Contact.objects.create(
            organisation=user.organisation,
            first_name=user.first_name or user.username,
            last_name=user.last_name,
            role=Contact.Role.PROFESSIONAL,
        )
        row = StaffContact.objects.create(user=user, contact=contact)
        take_links_back(contact)
    return row.contact


def _namesake(user: User) -> Contact | None:
    """Return the professional contact of this very name, entered for lists and duty."""
    if not user.first_name or not user.last_name:
        return None
    return Contact.objects.filter(
        organisation=user.organisation,
        role=Contact.Role.PROFESSIONAL,
        first_name=user.first_name,
        last_name=user.last_name,
        staffcontact=None,
        anonymised_at=None,
    ).first()
