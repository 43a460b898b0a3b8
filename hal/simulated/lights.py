"""Lights that shine in a list."""

from collections.abc import Mapping

from hal.mixing import cut
from hal.ports import Lamp, Pattern, Shine
from hal.simulated.part import SimulatedPart


class SimulatedLights(SimulatedPart):
    """All lamps are fitted unless said otherwise."""

    def __init__(self, lamps: tuple[Lamp, ...] = tuple(Lamp)) -> None:
        super().__init__()
        self._shines = dict.fromkeys(lamps, Shine())

    @property
    def lamps(self) -> tuple[Lamp, ...]:
        """As given."""
        return tuple(self._shines)

    def show(self, lamp: Lamp, pattern: Pattern, brightness: float = 1.0) -> None:
        """Noted; a lamp that is not fitted stays dark."""
        self.note("show", lamp, pattern, cut(brightness))
        if lamp in self._shines and not self.dead:
            self._shines[lamp] = Shine(pattern, cut(brightness))

    def showing(self) -> Mapping[Lamp, Shine]:
        """What each was last told."""
        return dict(self._shines)

    def close(self) -> None:
        """Dark for good."""
        super().close()
        self._shines = dict.fromkeys(self._shines, Shine())
