"""Handles a device's message events; a late event of an earlier stage is ignored (M11)."""

from django.db.models.functions import Coalesce

from cloud.devices.models import Device
from cloud.messages.models import Message
from device.contract.events import WireEvent
from device.contract.messages import HEARTS, MessageAnswered, MessageShown

EVENTS = (MessageShown, MessageAnswered)
_STATES = {"ok": Message.State.READ, "taken": Message.State.CONFIRMED}
_FINAL = tuple(_STATES.values())
_HEARTS = {answer: count for count, answer in enumerate(HEARTS, start=1)}


def handle(device: Device, event: WireEvent) -> None:
    """Handle the event in the caller's transaction; messages of other residents are ignored."""
    if not isinstance(event.what, MessageShown | MessageAnswered) or not event.what.message_id.isdecimal():
        return
    number = int(event.what.message_id[:18])
    mine = Message.objects.filter(pk=number, resident=device.resident_id).exclude(state__in=_FINAL)
    if isinstance(event.what, MessageShown):
        mine.update(state=Message.State.SHOWN, shown_at=event.happened_at)
    elif event.what.answer != "later":
        mine.update(
            state=_STATES.get(event.what.answer, Message.State.READ),
            hearts=_HEARTS.get(event.what.answer, 0),
            shown_at=Coalesce("shown_at", event.happened_at),
            answered_at=event.happened_at,
        )
