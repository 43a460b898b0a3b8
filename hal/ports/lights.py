"""The lights beside the screen and in the buttons."""

from collections.abc import Mapping
from enum import StrEnum
from typing import NamedTuple, Protocol

from hal.ports.component import Component


class Lamp(StrEnum):
    """The lamps that a device may have."""

    HELP = "help"
    RING = "ring"
    STATUS = "status"


class Pattern(StrEnum):
    """How a lamp shines, by what it means to the resident."""

    OFF = "off"
    ON = "on"
    BREATHING = "breathing"  # one breath in four seconds: help is on its way
    BLINKING = "blinking"  # twice a second: attention needed (WCAG 2.3.1 allows three)


class Shine(NamedTuple):
    """A pattern with its ``brightness``, 0 to 1, at its brightest."""

    pattern: Pattern = Pattern.OFF
    brightness: float = 1.0


class Lights(Component, Protocol):
    """The device's lamps by name; a board may lack some."""

    @property
    def lamps(self) -> tuple[Lamp, ...]:
        """The lamps that are fitted."""

    def show(self, lamp: Lamp, pattern: Pattern, brightness: float = 1.0) -> None:
        """Show a pattern until the next call. A lamp that is not fitted is ignored."""

    def showing(self) -> Mapping[Lamp, Shine]:
        """Return what each fitted lamp currently shows."""
