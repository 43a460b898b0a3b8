"""What every part of the hardware has in common."""

from typing import Protocol


class HardwareError(Exception):
    """A part that is fitted does not do what its port promises."""


class HardwareAbsent(HardwareError):
    """A part is not there."""


class Part(Protocol):
    """One fitted thing.

    A command (play, show, dim) to a part that is broken or absent does nothing: ``health`` says so. A
    question whose answer matters (a level, what was heard) raises ``HardwareError``. Neither ever waits for
    a part to come back; a part that was unplugged is taken into use again by itself.
    """

    def health(self) -> str:
        """Empty while all is well, otherwise what is wrong in plain English. At once, from any thread."""

    def close(self) -> None:
        """Let the part go: silent, dark, nothing heard any more. Twice does no harm."""
