"""The display panel: backlight, blanking, size. The window draws what is shown on it."""

from typing import Literal, NamedTuple, Protocol

from hal.ports.component import Component

Rotation = Literal[0, 90, 180, 270]


class Panel(NamedTuple):
    """The panel's properties; 0 where unknown. ``rotation`` is its mounting, in clockwise degrees."""

    width_px: int = 0
    height_px: int = 0
    width_mm: int = 0
    height_mm: int = 0
    rotation: Rotation = 0

    @property
    def density_dpi(self) -> float:
        """Return the pixels an inch, 0 where unknown."""
        return 25.4 * self.width_px / self.width_mm if self.width_mm else 0.0


class Display(Component, Protocol):
    """One display panel and its backlight."""

    @property
    def panel(self) -> Panel:
        """Return the panel's known properties."""

    @property
    def level(self) -> float:
        """Return the backlight level while not blanked: 0 (the darkest still readable) to 1."""

    @property
    def blanked(self) -> bool:
        """Return whether the backlight is off."""

    def dim(self, level: float) -> None:
        """Set the backlight, clamped to 0 to 1; never off. A blanked panel stays blank."""

    def blank(self) -> None:
        """Switch the backlight off; touches are still reported."""

    def unblank(self) -> None:
        """Switch the backlight on at its previous level."""
