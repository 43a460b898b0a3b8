"""The receiver of radio buttons that residents wear: without battery, powered by the press itself."""

from collections.abc import Callable
from typing import NamedTuple, Protocol

from hal.ports.part import Part


class PendantPressed(NamedTuple):
    """``sender`` is eight upper-case hex digits. Neighbours' are heard too: the caller knows whose it is."""

    sender: str
    monotonic_s: float
    signal_dbm: int | None = None


class Pendants(Part, Protocol):
    """Hears every pendant around; a press is told once, however often its telegram was repeated."""

    def watch(self, heard: Callable[[PendantPressed], None]) -> None:
        """Tell ``heard`` each press, from a thread of the adapter's own."""
