"""A panel without glass."""

from hal.mixing import cut
from hal.ports import Panel
from hal.simulated.part import SimulatedPart

# A ten-inch panel as they are sold for small computers.
TEN_INCH = Panel(width_px=1280, height_px=800, width_mm=217, height_mm=136)


class SimulatedDisplay(SimulatedPart):
    """Starts bright."""

    def __init__(self, panel: Panel = TEN_INCH) -> None:
        super().__init__()
        self._panel = panel
        self._level = 1.0
        self._blanked = False

    @property
    def panel(self) -> Panel:
        """As given."""
        return self._panel

    @property
    def level(self) -> float:
        """As last dimmed."""
        return self._level

    @property
    def blanked(self) -> bool:
        """Whether it is."""
        return self._blanked

    def dim(self, level: float) -> None:
        """Noted."""
        self.note("dim", cut(level))
        if not self.dead:
            self._level = cut(level)

    def blank(self) -> None:
        """Noted."""
        self.note("blank")
        self._blanked = self._blanked if self.dead else True

    def unblank(self) -> None:
        """Noted."""
        self.note("unblank")
        self._blanked = self._blanked if self.dead else False
