"""The panel behind the picture: backlight, blanking, size. What is drawn on it is the window's affair."""

from typing import Literal, NamedTuple, Protocol

from hal.ports.part import Part

Rotation = Literal[0, 90, 180, 270]


class Panel(NamedTuple):
    """The panel as it was built; 0 where it is not known. ``rotation`` is how it hangs, clockwise degrees."""

    width_px: int = 0
    height_px: int = 0
    width_mm: int = 0
    height_mm: int = 0
    rotation: Rotation = 0

    @property
    def density_dpi(self) -> float:
        """Pixels an inch, 0 where it is not known."""
        return 25.4 * self.width_px / self.width_mm if self.width_mm else 0.0


class Display(Part, Protocol):
    """One panel."""

    @property
    def panel(self) -> Panel:
        """What is known of it."""

    @property
    def level(self) -> float:
        """The backlight as it is when not blanked, 0 (darkest that can still be read) to 1."""

    @property
    def blanked(self) -> bool:
        """Whether the backlight is off."""

    def dim(self, level: float) -> None:
        """Set the backlight, 0 to 1 (others are cut); never off. A blanked panel stays blank."""

    def blank(self) -> None:
        """Backlight off."""

    def unblank(self) -> None:
        """Backlight on again, as it was."""
