"""Buttons on the wall or the case, identified by name (``help``)."""

from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import NamedTuple, Protocol

from hal.ports.component import Component

# A button down for this long is leant on, jammed or short-circuited.
STUCK_S = 60.0


class Action(StrEnum):
    """A button action. ``HELD`` comes once, between the two others."""

    PRESSED = "pressed"
    HELD = "held"
    RELEASED = "released"


class ButtonEvent(NamedTuple):
    """A debounced button event; ``monotonic_s`` is on the clock of ``ClockReading.monotonic_s``."""

    name: str
    action: Action
    monotonic_s: float


class Buttons(Component, Protocol):
    """Buttons by name. ``health`` names those that are stuck."""

    @property
    def names(self) -> tuple[str, ...]:
        """The buttons that are fitted."""

    def watch(self, heard: Callable[[ButtonEvent], None]) -> None:
        """Set the callback for all events; it is called in order, on a thread of the adapter."""

    def listen(self, pressed: Callable[[str], None]) -> None:
        """Set a callback ``pressed(name)`` for presses only, in place of that of ``watch``."""

    def pressed_since(self) -> Mapping[str, float]:
        """Return the buttons that are down and since when, in monotonic seconds."""
