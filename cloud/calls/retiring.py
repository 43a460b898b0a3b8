"""A contact is anonymised: unlinked first, then without name and address; the records of calls stay (V17)."""

from django.db import transaction
from django.utils import timezone

from cloud.calls import ending
from cloud.calls.models import CallSettings, DeviceLogEntry, MissedCallMail, PersonalLink
from cloud.devices.documents import refresh_resident
from cloud.people import photo
from cloud.people.models import Contact, FormerRelation, Relation
from cloud.people.signals import contact_changed


@transaction.atomic
def anonymise(contact: Contact) -> None:
    """For good. Every screen forgets them at once, and their running calls end."""
    relations = list(Relation.objects.filter(contact=contact).select_related("resident"))
    Relation.objects.filter(contact=contact).delete()
    FormerRelation.objects.filter(contact=contact).delete()
    PersonalLink.objects.filter(contact=contact, revoked_at=None).update(revoked_at=timezone.now())
    CallSettings.objects.filter(duty_officer=contact).update(duty_officer=None, on_duty_since=None)
    MissedCallMail.objects.filter(contact=contact).delete()
    contact.anonymised_at = timezone.now()
    contact.first_name = contact.last_name = contact.phone = contact.email = ""
    contact.mail_missed_calls, contact.photo = False, None
    contact.save()
    _forget_name(contact)
    photo.forget_unused(contact.organisation)
    ending.withdraw_contact(contact)
    contact_changed.send(sender=Contact, contact=contact)
    for relation in relations:
        refresh_resident(relation.resident)


def _forget_name(contact: Contact) -> None:
    """In the devices' logs too; that an entry was right as it came in is kept beside it."""
    for entry in DeviceLogEntry.objects.filter(contact_id=str(contact.pk)):
        entry.body = {**entry.body, "name": ""}
        entry.save(update_fields=["body"])
