"""The device's clocks."""

from datetime import datetime
from typing import NamedTuple, Protocol


class ClockReading(NamedTuple):
    """``wall`` is aware, ``monotonic_s`` counts through sleep, ``trusted`` tells whether ``wall`` is true."""

    wall: datetime
    monotonic_s: float
    trusted: bool


class Clock(Protocol):
    """The device's clocks."""

    def read(self) -> ClockReading:
        """All clocks at one moment."""
