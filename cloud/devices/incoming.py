"""What follows from what a device sends: domains register a handler for each kind in ``AppConfig.ready``.

Handlers are called inside the transaction that stores the message, in the order of their registration.
"""

from collections import defaultdict
from collections.abc import Callable

from django.dispatch import Signal
from msgspec import Struct

from cloud.devices.models import Device, DeviceCommand
from device.contract.events import Event

EventHandler = Callable[[Device, Event], None]
AnswerHandler = Callable[[DeviceCommand, str, str], None]

# The device came or went; called with ``device``.
reach_changed = Signal()
# The device was put into or out of use, or is somebody else's now; called with ``device``.
device_reassigned = Signal()

_of_event: dict[type[Struct], list[EventHandler]] = defaultdict(list)
_of_answer: dict[str, list[AnswerHandler]] = defaultdict(list)


def on_event(handler: EventHandler, *kinds: type[Struct]) -> None:
    """Calls the handler with the device and each new event of these kinds, once for each event."""
    for kind in kinds:
        _of_event[kind].append(handler)


def on_answer(handler: AnswerHandler, *commands: type[Struct]) -> None:
    """Calls the handler with the command, the final stage and the reason, before the command is closed."""
    for command in commands:
        _of_answer[str(command.__struct_config__.tag)].append(handler)


def handle_event(device: Device, event: Event) -> None:
    """Hands a stored event to those who registered for its kind."""
    for handler in _of_event[type(event.what)]:
        handler(device, event)


def handle_answer(command: DeviceCommand, stage: str, reason: str) -> None:
    """Hands a final answer to those who registered for the command."""
    for handler in _of_answer[str(command.body.get("kind", ""))]:
        handler(command, stage, reason)
