"""The lights beside the screen and in the buttons."""

from collections.abc import Mapping
from enum import StrEnum
from typing import NamedTuple, Protocol

from hal.ports.part import Part


class Lamp(StrEnum):
    """The lights that a device may have."""

    HELP = "help"
    RING = "ring"
    STATUS = "status"


class Pattern(StrEnum):
    """How a lamp shines."""

    OFF = "off"
    ON = "on"
    BREATHING = "breathing"  # one breath in four seconds: all is in hand
    BLINKING = "blinking"  # twice a second: come and look (WCAG 2.3.1 allows three)


class Shine(NamedTuple):
    """``brightness`` is 0 to 1, at the brightest moment of the pattern."""

    pattern: Pattern = Pattern.OFF
    brightness: float = 1.0


class Lights(Part, Protocol):
    """Lamps by name."""

    @property
    def lamps(self) -> tuple[Lamp, ...]:
        """The lamps that are fitted."""

    def show(self, lamp: Lamp, pattern: Pattern, brightness: float = 1.0) -> None:
        """From now on, until told otherwise. A lamp that is not fitted stays dark."""

    def showing(self) -> Mapping[Lamp, Shine]:
        """What each fitted lamp was last told."""
