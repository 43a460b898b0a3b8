"""Rings the phones of those whom a resident calls, and tells them of help; what is sent, the watch sends."""

from collections.abc import Callable, Collection, Iterable
from typing import Any

from django.utils import timezone, translation

from cloud.calls import answering, ways
from cloud.calls import settings as call_settings
from cloud.calls.models import Call, Rung
from cloud.devices.models import Device
from cloud.help.models import HelpRequest
from cloud.people.models import Contact
from cloud.push import letters, subscriptions, words
from cloud.push.models import Phone, PushMessage
from cloud.push.subscriptions import phones_of
from device.contract.events import Event, HelpRaised

Kind, State = PushMessage.Kind, PushMessage.State


def with_phone(contacts: Collection[int]) -> set[int]:
    """Those of these contacts whose phone can be rung."""
    return subscriptions.with_phone(contacts)


def ring(call: Call, contact: Contact) -> bool:
    """Every phone of the contact; where there is none, a message if the organisation wants that."""
    phones = list(_ready(call, contact))
    _send(Kind.RING, phones, lambda: words.ringing(call), call)
    if phones:
        return True
    return call.kind == Call.Kind.RESIDENT and letters.write(call, contact)


def call_over(call: Call) -> None:
    """Phones that were rung say how it ended; what has not gone out yet never does."""
    mine = PushMessage.objects.filter(call=call, kind=Kind.RING)
    mine.filter(state=State.DUE).update(state=State.FAILED, reason="the call was over")
    letters.cancel(call)
    rung = mine.filter(state__in=(State.SENT, State.HEARD, State.TRYING))
    phones = Phone.objects.filter(pk__in=rung.values("phone")).select_related("link__contact")
    # On the phone where it was answered nothing is left to be said.
    others = [each for each in phones if each.link.contact_id != call.contact_id]
    _send(Kind.OVER, others, lambda: words.over(call), call)


def heard(message: PushMessage) -> None:
    """The phone says that it rings. Inside the transaction."""
    rows = PushMessage.objects.filter(pk=message.pk).exclude(state=State.HEARD)
    if not rows.update(state=State.HEARD, at=timezone.now()) or message.kind != Kind.RING:
        return
    rung = Rung.objects.filter(call=message.call, contact=message.contact_id).select_related("call").first()
    if rung and rung.outcome == Rung.Outcome.RINGING and rung.way != Rung.Way.PAGE:
        ways.found(rung, Rung.Way.PHONE)


def refuse(message: PushMessage) -> None:
    """The contact has refused on the notification itself."""
    if message.call_id:
        answering.refuse(message.contact, message.call_id)


def take_in(device: Device, event: Event) -> None:
    """Help that was just put on the board wakes the phones of whoever is on duty. Inside the transaction."""
    if not isinstance(event.what, HelpRaised):
        return
    # Pressed again it is the same request, under its first id: the phones have rung.
    request = HelpRequest.objects.filter(
        device=device, help_id=event.what.help_id, taken_at=None, closed_at=None
    )
    if (found := request.first()) is None:
        return
    officer = call_settings.duty_officer(found.organisation)
    if officer:
        _send(Kind.HELP, phones_of(officer), lambda: words.help_wanted(found))


def _ready(call: Call, contact: Contact) -> Iterable[Phone]:
    """None of somebody who has said that they are away; the duty officer cannot say so."""
    if call.kind == Call.Kind.RESIDENT and contact.presence == Contact.Presence.AWAY:
        return ()
    return phones_of(contact)


def _send(
    kind: PushMessage.Kind,
    phones: Iterable[Phone],
    said: Callable[[], dict[str, Any]],
    call: Call | None = None,
) -> None:
    now = timezone.now()
    rows = []
    for phone in phones:
        with translation.override(phone.language):
            body = said()
        owner = phone.link.contact
        rows.append(
            PushMessage(contact=owner, call=call, phone=phone, kind=kind, body=body, made_at=now, at=now)
        )
    PushMessage.objects.bulk_create(rows)
