"""The receiver of battery-free radio buttons (pendants) that residents wear."""

from collections.abc import Callable
from typing import NamedTuple, Protocol

from hal.ports.component import Component


class PendantPressed(NamedTuple):
    """A press; ``sender`` is eight upper-case hex digits. Neighbours' pendants are received too."""

    sender: str
    monotonic_s: float
    signal_dbm: int | None = None


class Pendants(Component, Protocol):
    """Receives every pendant in range and reports each press once, even if its telegram is repeated."""

    def watch(self, heard: Callable[[PendantPressed], None]) -> None:
        """Set the callback for presses; it is called on a thread of the adapter."""
