"""Push notifications as a delivery channel; undelivered ones use the next channel."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cloud.delivery.channel import Channel, Handed, NotSent, Outgoing, Report
from cloud.delivery.models import Delivery
from cloud.delivery.outbox import Address
from cloud.people.models import Contact
from cloud.push.models import PushMessage, PushSettings
from cloud.push.sending import send
from cloud.push.subscriptions import phones_of

NAME = "push"
# A phone that is on and has a network confirms within seconds.
UNHEARD_AFTER = timedelta(minutes=2)
# Besides icon and token, within every push service's limit. Longer texts are for e-mail.
MOST_BYTES = 2000
MOST_A_TURN = 200
NO_PHONE = "no phone of theirs takes notifications any more"
TOO_LONG = "too long for a notification"
UNHEARD = "no phone has said that it has the notification"

Kind, State = PushMessage.Kind, PushMessage.State


class PushSession:
    """Sends each message to every phone of the contact."""

    def send(self, outgoing: Outgoing) -> Handed:
        """Send a message; returns once a push service has accepted it. Raises ``NotSent``."""
        if len(outgoing.subject.encode()) + len(outgoing.body.encode()) > MOST_BYTES:
            raise NotSent(TOO_LONG, permanent=True)
        tried = [_push(outgoing, phone.pk, phone.link.contact_id) for phone in _phones(outgoing.address)]
        states = PushMessage.objects.in_bulk(tried)
        if any(row.state in (State.SENT, State.HEARD) for row in states.values()):
            return Handed()
        # A phone that its service no longer knows is deleted, with its messages.
        reason = next((row.reason for row in states.values()), NO_PHONE)
        raise NotSent(reason, permanent=not states)

    def poll(self) -> Sequence[Report]:
        """Return confirmations of phones; without one for minutes, another channel is tried."""
        on_the_way = (Delivery.State.HANDING, Delivery.State.SENT)
        rows = PushMessage.objects.filter(
            kind=Kind.NOTE, delivery__state__in=on_the_way, delivery__channel=NAME
        )
        heard = set(rows.filter(state=State.HEARD).values_list("delivery", flat=True)[:MOST_A_TURN])
        old = rows.filter(delivery__sent_at__lt=timezone.now() - UNHEARD_AFTER).select_related("delivery")
        unheard = {
            row.delivery_id
            for row in old.exclude(delivery__in=heard)[:MOST_A_TURN]
            if row.delivery and row.delivery.way + 1 < len(row.delivery.ways)
        }
        return [
            *(Report("delivered", id=str(pk)) for pk in heard),
            *(Report("failed", id=str(pk), reason=UNHEARD) for pk in unheard),
        ]

    def close(self) -> None:
        """Do nothing: no connection is open."""


def address_of(contact: Contact) -> Address | None:
    """Return the contact's phone as an address, where it may show the content, or None."""
    if not phones_of(contact).exists() or not PushSettings.of(contact.organisation).names_shown:
        return None
    return Address(NAME, str(contact.pk))


def _phones(address: str) -> list[Any]:
    contact = Contact.objects.filter(pk=int(address)).first() if address.isdecimal() else None
    return list(phones_of(contact)) if contact else []


def _push(outgoing: Outgoing, phone: int, contact: int) -> int:
    now = timezone.now()
    body = {"title": outgoing.subject, "body": outgoing.body, "open": reverse("caller:page")}
    row = PushMessage.objects.create(
        contact_id=contact, phone_id=phone, kind=Kind.NOTE, body=body, delivery_id=UUID(outgoing.id),
        state=State.TRYING, made_at=now, at=now,
    )  # fmt: skip
    send(row.pk)
    return row.pk


def _open(_values: Mapping[str, Any]) -> PushSession:
    return PushSession()


# A repeated notification replaces the previous one.
CHANNEL = Channel(NAME, _("Notification on the phone"), "push", _open, knows_repeats=True, listens=True)
