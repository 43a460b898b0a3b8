"""Channels to reach a contact whose page may be closed; a higher app rings phones."""

from collections.abc import Collection
from datetime import timedelta
from typing import Protocol

from cloud.calls.models import Call, Invitee
from cloud.devices import commands
from cloud.people.models import Contact
from device.contract.commands import UpdateCall

NEWS_LIFETIME = timedelta(seconds=60)
# The best status among several contacts is shown to the resident.
_BEST_FIRST = (Invitee.Way.PHONE, Invitee.Way.PAGE, Invitee.Way.WRITTEN, Invitee.Way.TRYING)


class Phones(Protocol):
    """The calls app's interface to contacts' phones; used inside the caller's transaction."""

    def with_phone(self, contacts: Collection[int], /) -> set[int]:
        """Return those of these contacts whose phone can be rung."""

    def ring(self, call: Call, contact: Contact, /) -> bool:
        """Start ringing the contact's phones, or write to them; return False without any channel."""

    def call_over(self, call: Call, /) -> None:
        """Stop all ringing for this call."""


_phones: list[Phones] = []


def connect(phones: Phones) -> None:
    """Set the phone interface; done once, at the start."""
    _phones[:] = [phones]


def with_phone(contacts: Collection[int]) -> set[int]:
    """Return those of these contacts whose phone can be rung."""
    return _phones[0].with_phone(contacts) if _phones else set()


def ring(call: Call, contact: Contact, *, is_here: bool) -> Invitee.Way | None:
    """Ring by the best channel, also beside an open page; return it, or None."""
    is_tried = bool(_phones) and _phones[0].ring(call, contact)
    if is_here:
        return Invitee.Way.PAGE
    return Invitee.Way.TRYING if is_tried else None


def found(invitee: Invitee, way: Invitee.Way) -> None:
    """Record the channel that works for this contact. Inside the transaction."""
    if invitee.way != way:
        Invitee.objects.filter(pk=invitee.pk).update(way=way)
        tell_device(invitee.call)


def tell_device(call: Call) -> None:
    """Send the channel to the calling resident's screen; an urgent call has its own text."""
    if call.kind != Call.Kind.RESIDENT or call.state != Call.State.RINGING:
        return
    ways = set(call.invitees.filter(outcome=Invitee.Outcome.RINGING).values_list("way", flat=True))
    best = next((way for way in _BEST_FIRST if way in ways), None)
    if best:
        news = UpdateCall(call_id=call.pk, way=best.value)  # type: ignore[arg-type]
        commands.issue(call.device, news, by=None, lifetime=NEWS_LIFETIME)


def call_over(call: Call) -> None:
    """Stop ringing phones for this call."""
    if _phones:
        _phones[0].call_over(call)
