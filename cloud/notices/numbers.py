"""Copies contacts' phone numbers to notification numbers in bulk; both are stored separately (M10)."""

from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from cloud.notices.models import Recipient, RecipientAddress
from cloud.organisations.models import Organisation
from cloud.people.models import Contact
from cloud.people.phone import e164, takes_text_messages

MOST_LISTED = 500
ZONE = "Europe/Helsinki"


@dataclass
class Copied:
    """How many were copied, and the failures with their reasons."""

    count: int = 0
    refused: list[tuple[Contact, str]] = field(default_factory=list)


def copy_numbers(organisation: Organisation) -> Copied:
    """Copy the number of every contact that has no notification number yet."""
    copied = Copied()
    contacts = Contact.objects.filter(organisation=organisation, anonymised_at=None).exclude(phone="")
    held = RecipientAddress.objects.filter(kind="phone").values("recipient__contact")
    for contact in contacts.exclude(pk__in=held.exclude(recipient__contact=None)):
        try:
            number = e164(contact.phone, time_zone=ZONE)
        except ValidationError as error:
            copied.refused.append((contact, error.messages[0]))
            continue
        if not takes_text_messages(number):
            copied.refused.append((contact, _("%(number)s takes no text messages.") % {"number": number}))
            continue
        recipient, _is_new = Recipient.objects.get_or_create(
            contact=contact, defaults={"organisation": organisation, "name": str(contact)}
        )
        recipient.addresses.get_or_create(kind="phone", value=number)
        copied.count += 1
    return copied
