"""Anonymises a contact: unlinked first, then name and address erased; call records stay (V17)."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cloud.calls import ending, missed
from cloud.calls.models import CallSettings, DeviceLogEntry, PersonalLink
from cloud.devices.documents import refresh_resident
from cloud.organisations.models import User
from cloud.people import photo
from cloud.people.models import Contact, FormerRelation, Relation
from cloud.people.signals import contact_anonymised, contact_changed
from cloud.proposals import deciding
from cloud.proposals.kinds import Line
from cloud.proposals.models import Proposal

KIND = "anonymise"


def propose(contact: Contact, by: User) -> None:
    """Propose it to a second person: it cannot be undone."""
    payload = {"contact": contact.pk}
    deciding.propose(KIND, f"contact:{contact.pk}", payload, organisation=contact.organisation, by=by)


def make(proposal: Proposal) -> None:
    """Anonymise the contact of an approved proposal, in its transaction."""
    contact = _of(proposal)
    if contact is None:
        raise ValidationError(_("This has been done already."), code="done")
    anonymise(contact)


def describe(proposal: Proposal) -> list[Line]:
    """Return whose account it is, as long as it has a name."""
    contact = Contact.objects.filter(pk=proposal.payload["contact"]).first()
    return [Line(str(contact or "–"), "", "")]


def _of(proposal: Proposal) -> Contact | None:
    return Contact.objects.filter(pk=proposal.payload["contact"], anonymised_at=None).first()


@transaction.atomic
def anonymise(contact: Contact) -> None:
    """Erase name and address permanently; screens are updated and calls ended at once."""
    relations = list(Relation.objects.filter(contact=contact).select_related("resident"))
    Relation.objects.filter(contact=contact).delete()
    FormerRelation.objects.filter(contact=contact).delete()
    PersonalLink.objects.filter(contact=contact, revoked_at=None).update(revoked_at=timezone.now())
    CallSettings.objects.filter(duty_officer=contact).update(duty_officer=None, on_duty_since=None)
    missed.forget(contact)
    name, details = str(contact), (contact.phone, contact.email)
    contact.anonymised_at = timezone.now()
    contact.first_name = contact.last_name = contact.phone = contact.email = ""
    contact.mail_missed_calls, contact.photo = False, None
    contact.save()
    _forget_name(contact)
    photo.forget_unused(contact.organisation)
    ending.withdraw_contact(contact)
    contact_changed.send(sender=Contact, contact=contact)
    contact_anonymised.send(sender=Contact, contact=contact, name=name, details=details)
    for relation in relations:
        refresh_resident(relation.resident)


def _forget_name(contact: Contact) -> None:
    """Erase the name in devices' logs too; whether an entry was valid on arrival is stored separately."""
    for entry in DeviceLogEntry.objects.filter(contact_id=str(contact.pk)):
        entry.body = {**entry.body, "name": ""}
        entry.save(update_fields=["body"])
