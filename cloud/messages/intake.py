"""What a device says became of a message; a late word of an earlier stage takes nothing back (M11)."""

from django.db.models.functions import Coalesce

from cloud.devices.models import Device
from cloud.messages.models import Message
from device.contract.events import Event
from device.contract.messages import MessageAnswered, MessageShown

EVENTS = (MessageShown, MessageAnswered)
_STATES = {"ok": Message.State.READ, "taken": Message.State.CONFIRMED}
_FINAL = tuple(_STATES.values())


def take_in(device: Device, event: Event) -> None:
    """Within the caller's transaction. A message that is not this resident's is nobody's."""
    if not isinstance(event.what, MessageShown | MessageAnswered) or not event.what.message_id.isdecimal():
        return
    number = int(event.what.message_id[:18])
    mine = Message.objects.filter(pk=number, resident=device.resident_id).exclude(state__in=_FINAL)
    if isinstance(event.what, MessageShown):
        mine.update(state=Message.State.SHOWN, shown_at=event.happened_at)
    elif event.what.answer in _STATES:
        mine.update(
            state=_STATES[event.what.answer],
            shown_at=Coalesce("shown_at", event.happened_at),
            answered_at=event.happened_at,
        )
