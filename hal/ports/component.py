"""The interface that all hardware components share."""

from typing import Protocol


class HardwareError(Exception):
    """A fitted component does not do what its port specifies."""


class HardwareAbsent(HardwareError):
    """A component is not present."""


class Component(Protocol):
    """One hardware component.

    A command (play, show, dim) to a broken or absent component does nothing: ``health`` reports why. A query
    whose result matters (a level, a tone) raises ``HardwareError``. Neither blocks until a component returns;
    one that was unplugged is opened again automatically.
    """

    def health(self) -> str:
        """Return the fault in plain English, empty while there is none.

        Never blocks; callable from any thread.
        """

    def close(self) -> None:
        """Switch the component off and release it; no more events are reported. Calling it twice is safe."""
