"""Pendants that are pressed by a call."""

from collections.abc import Callable

from hal.audience import Audience
from hal.boottime import monotonic_s
from hal.ports import PendantPressed
from hal.simulated.part import SimulatedPart


class SimulatedPendants(SimulatedPart):
    """Any sender is heard."""

    def __init__(self, now_s: Callable[[], float] = monotonic_s) -> None:
        super().__init__()
        self._now_s = now_s
        self._audience = Audience[PendantPressed]()

    def watch(self, heard: Callable[[PendantPressed], None]) -> None:
        """Tell ``heard`` each press, on the thread that presses."""
        self._audience.watch(heard)

    def press(self, sender: str, signal_dbm: int = -70) -> None:
        """As a resident would. Raises ``ValueError`` for what is no sender's id."""
        if len(sender) != 8 or not set(sender.upper()) <= set("0123456789ABCDEF"):
            raise ValueError(f"'{sender}' is no pendant: expected eight hex digits")
        self.note("press", sender.upper())
        if not self.dead:
            self._audience.tell(PendantPressed(sender.upper(), self._now_s(), signal_dbm))

    def close(self) -> None:
        """Nothing more is told."""
        super().close()
        self._audience.leave()
