"""Rings phones for residents' calls, and notifies of help; the background job sends the messages."""

from collections.abc import Callable, Collection, Iterable
from typing import Any

from django.utils import timezone, translation

from cloud.calls import answering, ways
from cloud.calls import settings as call_settings
from cloud.calls.models import Call, Invitee
from cloud.devices.models import Device
from cloud.help.models import HelpRequest
from cloud.notify import live_updates
from cloud.people.models import Contact
from cloud.push import letters, subscriptions, words
from cloud.push.models import Phone, PushMessage
from cloud.push.subscriptions import phones_of
from device.contract.events import HelpRaised, WireEvent

Kind, State = PushMessage.Kind, PushMessage.State
WORK = "push"


def with_phone(contacts: Collection[int]) -> set[int]:
    """Return those of these contacts whose phone can be rung."""
    return subscriptions.with_phone(contacts)


def ring(call: Call, contact: Contact) -> bool:
    """Ring every phone of the contact; without one, write if the organisation wants that."""
    phones = list(_ready(call, contact))
    _send(Kind.RING, phones, lambda: words.ringing(call), call)
    if phones:
        return True
    return call.kind == Call.Kind.RESIDENT and letters.write(call, contact)


def call_over(call: Call) -> None:
    """Notify rung phones of the call's end; cancel messages that are not sent yet."""
    mine = PushMessage.objects.filter(call=call, kind=Kind.RING)
    mine.filter(state=State.DUE).update(state=State.FAILED, reason="the call was over")
    letters.cancel(call)
    rung = mine.filter(state__in=(State.SENT, State.HEARD, State.TRYING))
    phones = Phone.objects.filter(pk__in=rung.values("phone")).select_related("link__contact")
    # The phone that answered needs no notification.
    others = [each for each in phones if each.link.contact_id != call.contact_id]
    _send(Kind.OVER, others, lambda: words.over(call), call)


def heard(message: PushMessage) -> None:
    """Record that the phone rings. Inside the transaction."""
    rows = PushMessage.objects.filter(pk=message.pk).exclude(state=State.HEARD)
    if not rows.update(state=State.HEARD, at=timezone.now()) or message.kind != Kind.RING:
        return
    invitee = (
        Invitee.objects.filter(call=message.call, contact=message.contact_id).select_related("call").first()
    )
    if invitee and invitee.outcome == Invitee.Outcome.RINGING and invitee.way != Invitee.Way.PAGE:
        ways.found(invitee, Invitee.Way.PHONE)


def refuse(message: PushMessage) -> None:
    """Record that the contact refused from the notification."""
    if message.call_id:
        answering.refuse(message.contact, message.call_id)


def handle(device: Device, event: WireEvent) -> None:
    """Notify the phones of staff on duty of a new help request. Inside the transaction."""
    if not isinstance(event.what, HelpRaised):
        return
    # A second press is the same request, under its first id: the phones have rung.
    request = HelpRequest.objects.filter(
        device=device, help_id=event.what.help_id, taken_at=None, closed_at=None
    )
    if (found := request.first()) is None:
        return
    officer = call_settings.duty_officer(found.organisation)
    if officer:
        _send(Kind.HELP, phones_of(officer), lambda: words.help_wanted(found))


def _ready(call: Call, contact: Contact) -> Iterable[Phone]:
    """Return the contact's phones, unless they chose to be away, which a duty officer cannot."""
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
    live_updates.work(WORK)
