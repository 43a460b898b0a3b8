"""A display panel that records what it was asked to do."""

from hal.mixing import cut
from hal.ports import Panel
from hal.simulated.component import SimulatedComponent

# A common ten-inch panel for small computers.
TEN_INCH = Panel(width_px=1280, height_px=800, width_mm=217, height_mm=136)


class SimulatedDisplay(SimulatedComponent):
    """A panel that starts bright."""

    def __init__(self, panel: Panel = TEN_INCH) -> None:
        super().__init__()
        self._panel = panel
        self._level = 1.0
        self._blanked = False

    @property
    def panel(self) -> Panel:
        """Return the panel given to the constructor."""
        return self._panel

    @property
    def level(self) -> float:
        """Return the level that was last set, 0 to 1."""
        return self._level

    @property
    def blanked(self) -> bool:
        """Return whether the panel is blanked."""
        return self._blanked

    def dim(self, level: float) -> None:
        """Record the level, cut to 0..1; a dead panel keeps its own."""
        self.note("dim", cut(level))
        if not self.dead:
            self._level = cut(level)

    def blank(self) -> None:
        """Record that the backlight is off."""
        self.note("blank")
        self._blanked = self._blanked if self.dead else True

    def unblank(self) -> None:
        """Record that the backlight is on."""
        self.note("unblank")
        self._blanked = self._blanked if self.dead else False
