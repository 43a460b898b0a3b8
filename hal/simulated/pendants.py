"""Simulated pendants, pressed by method calls."""

from collections.abc import Callable

from hal.boottime import monotonic_s
from hal.listener import Listener
from hal.ports import PendantPressed
from hal.simulated.component import SimulatedComponent


class SimulatedPendants(SimulatedComponent):
    """A simulated receiver that reports any sender."""

    def __init__(self, now_s: Callable[[], float] = monotonic_s) -> None:
        super().__init__()
        self._now_s = now_s
        self._listener = Listener[PendantPressed]()

    def watch(self, heard: Callable[[PendantPressed], None]) -> None:
        """Set the callback; it is called on the thread that presses."""
        self._listener.set(heard)

    def press(self, sender: str, signal_dbm: int = -70) -> None:
        """Simulate a press. Raises ``ValueError`` for an invalid sender id."""
        if len(sender) != 8 or not set(sender.upper()) <= set("0123456789ABCDEF"):
            raise ValueError(f"'{sender}' is no pendant: expected eight hex digits")
        self.note("press", sender.upper())
        if not self.dead:
            self._listener.notify(PendantPressed(sender.upper(), self._now_s(), signal_dbm))

    def close(self) -> None:
        """Stop reporting presses, as a receiver that was unplugged."""
        super().close()
        self._listener.clear()
