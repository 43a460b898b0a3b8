"""Handlers of device messages, which domains register for each type in ``AppConfig.ready``.

Handlers are called inside the transaction that stores the message, in the order of their registration.
"""

from collections import defaultdict
from collections.abc import Callable

from django.dispatch import Signal
from msgspec import Struct

from cloud.devices.models import Device, DeviceCommand
from device.contract.events import WireEvent

EventHandler = Callable[[Device, WireEvent], None]
AnswerHandler = Callable[[DeviceCommand, str, str], None]

# The device came online or went offline; called with ``device``.
reach_changed = Signal()
# The device was enabled, disabled or reassigned; called with ``device``.
device_reassigned = Signal()

_of_event: dict[type[Struct], list[EventHandler]] = defaultdict(list)
_of_answer: dict[str, list[AnswerHandler]] = defaultdict(list)


def on_event(handler: EventHandler, *kinds: type[Struct]) -> None:
    """Register a handler for events of these types; it is called once for each event."""
    for kind in kinds:
        _of_event[kind].append(handler)


def on_answer(handler: AnswerHandler, *commands: type[Struct]) -> None:
    """Register a handler of final answers to this command type, called before the command is closed."""
    for command in commands:
        _of_answer[str(command.__struct_config__.tag)].append(handler)


def handle_event(device: Device, event: WireEvent) -> None:
    """Call the handlers of a stored event."""
    for handler in _of_event[type(event.what)]:
        handler(device, event)


def handle_answer(command: DeviceCommand, stage: str, reason: str) -> None:
    """Call the handlers of a final answer."""
    for handler in _of_answer[str(command.body.get("kind", ""))]:
        handler(command, stage, reason)
