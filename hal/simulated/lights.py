"""Simulated lamps, which record what they show."""

from collections.abc import Mapping

from hal.mixing import cut
from hal.ports import Lamp, Pattern, Shine
from hal.simulated.component import SimulatedComponent


class SimulatedLights(SimulatedComponent):
    """Simulated lamps; all are fitted by default."""

    def __init__(self, lamps: tuple[Lamp, ...] = tuple(Lamp)) -> None:
        super().__init__()
        self._shines = dict.fromkeys(lamps, Shine())

    @property
    def lamps(self) -> tuple[Lamp, ...]:
        """Return the lamps given to the constructor."""
        return tuple(self._shines)

    def show(self, lamp: Lamp, pattern: Pattern, brightness: float = 1.0) -> None:
        """Record the pattern; a lamp that is not fitted is ignored."""
        self.note("show", lamp, pattern, cut(brightness))
        if lamp in self._shines and not self.dead:
            self._shines[lamp] = Shine(pattern, cut(brightness))

    def showing(self) -> Mapping[Lamp, Shine]:
        """Return what each lamp currently shows."""
        return dict(self._shines)

    def close(self) -> None:
        """Switch all lamps off permanently."""
        super().close()
        self._shines = dict.fromkeys(self._shines, Shine())
