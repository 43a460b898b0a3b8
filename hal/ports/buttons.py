"""Buttons on the wall or the case, by name (``help``)."""

from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import NamedTuple, Protocol

from hal.ports.part import Part

# A button that is down for so long is leant on, jammed or short-circuited.
STUCK_S = 60.0


class Action(StrEnum):
    """What a finger did. ``HELD`` comes once, between the two others."""

    PRESSED = "pressed"
    HELD = "held"
    RELEASED = "released"


class ButtonEvent(NamedTuple):
    """``monotonic_s`` is on the clock of ``ClockReading.monotonic_s``; bounces are gone."""

    name: str
    action: Action
    monotonic_s: float


class Buttons(Part, Protocol):
    """Buttons by name. ``health`` names those that are stuck."""

    @property
    def names(self) -> tuple[str, ...]:
        """The buttons that are fitted."""

    def watch(self, heard: Callable[[ButtonEvent], None]) -> None:
        """Tell ``heard`` all that happens, from a thread of the adapter's own, in order."""

    def listen(self, pressed: Callable[[str], None]) -> None:
        """As ``watch``, for whom presses are enough: ``pressed(name)``. The later of the two counts."""

    def pressed_since(self) -> Mapping[str, float]:
        """The buttons that are down now, and since when (``monotonic_s``)."""
