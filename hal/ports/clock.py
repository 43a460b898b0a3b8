"""The device's clocks: the wall's, and one that never jumps."""

from datetime import datetime
from typing import NamedTuple, Protocol


class ClockReading(NamedTuple):
    """Clock values at one instant.

    ``wall`` is aware, ``monotonic_s`` includes suspend, ``trusted`` means ``wall`` is right.
    """

    wall: datetime
    monotonic_s: float
    trusted: bool


class Clock(Protocol):
    """Reads the device's wall and monotonic clocks."""

    def read(self) -> ClockReading:
        """Read all clocks at one instant."""
