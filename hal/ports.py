"""What the device's hardware can do, whoever makes it."""

from collections.abc import Callable
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


class Buttons(Protocol):
    """Buttons on the wall or the case, by name (``help``)."""

    def listen(self, pressed: Callable[[str], None]) -> None:
        """Call ``pressed(name)`` for each press, from a thread of the adapter's own."""

    def close(self) -> None:
        """Stop listening. Twice does no harm."""
