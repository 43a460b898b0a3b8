"""The SMS or e-mail to a contact whose phone has not rung, with a link that answers the call."""

from contextlib import suppress

from django.core.exceptions import ValidationError
from django.utils import timezone, translation

from cloud.base.addresses import absolute
from cloud.calls import links
from cloud.calls.models import Call, PersonalLink
from cloud.calls.placing import RING_LIFETIME
from cloud.delivery import outbox
from cloud.delivery.models import Delivery
from cloud.delivery.outbox import Address, Letter
from cloud.people.models import Contact
from cloud.people.phone import e164
from cloud.push import words
from cloud.push.models import PushSettings
from cloud.push.steps import MailState
from cloud.screens.models import ResidentView
from cloud.screens.zone import zone_of

LANGUAGE = "fi"
State = Delivery.State


def write(call: Call, contact: Contact) -> bool:
    """Queue the message; return False where it is disabled or has no address. Inside the transaction."""
    link = _link(call, contact)
    if link is None:
        return False
    view = ResidentView.objects.filter(resident=call.resident_id).first()
    with translation.override(view.language if view else LANGUAGE):
        path = links.address(links.make_pass(link), f"answer={call.pk}")
        subject, text = words.letter(call, absolute(path))
    addresses = _addresses(call, contact)
    letter = Letter(
        _key(call, contact), "call", str(contact), subject, text, addresses, call.resident, is_urgent=True
    )
    outbox.put(call.organisation, letter, until=timezone.now() + RING_LIFETIME)
    return True


def state(call: Call, contact: Contact) -> MailState | None:
    """Return the message's state; None once it is sent."""
    row = Delivery.objects.filter(key=_key(call, contact)).first()
    if row is None:
        return "possible" if _link(call, contact) else "off"
    if row.state in (State.SENT, State.DELIVERED, State.READ):
        return None
    return "trying" if row.state in (State.WAITING, State.HANDING) else "failed"


def cancel(call: Call) -> None:
    """Cancel messages that are not sent yet."""
    outbox.cancel(Delivery.objects.filter(key__startswith=f"call/{call.pk}/"))


def _link(call: Call, contact: Contact) -> PersonalLink | None:
    """Return the link for the answer; None where such messages are disabled or have no address."""
    if call.kind != Call.Kind.RESIDENT or not PushSettings.of(call.organisation).writes:
        return None
    if not outbox.ways_to(call.organisation, _addresses(call, contact)):
        return None
    return links.valid().filter(contact=contact).first()


def _addresses(call: Call, contact: Contact) -> list[Address]:
    """Return the addresses: SMS first, because e-mail is read later."""
    found = []
    with suppress(ValidationError):
        found.append(Address("phone", e164(contact.phone, time_zone=str(zone_of(call.resident)))))
    if contact.email:
        found.append(Address("email", contact.email))
    return found


def _key(call: Call, contact: Contact) -> str:
    return f"call/{call.pk}/{contact.pk}"
