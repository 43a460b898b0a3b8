"""The panel's size in pixels and millimetres."""

from msgspec import Struct

# A panel of 10.1 inches and 16:10, less what a bank card held to the screen may be misjudged by.
LEAST_LONGER_MM, LEAST_SHORTER_MM = 212.0, 132.0


class Panel(Struct, frozen=True):
    """A panel; layout is in millimetres, which are converted to pixels here."""

    width_px: int
    height_px: int
    width_mm: float

    @property
    def px_per_mm(self) -> float:
        """Return the density as measured, not the one that the system reports."""
        return self.width_px / self.width_mm

    @property
    def height_mm(self) -> float:
        """Return the height of the picture in millimetres."""
        return self.height_px / self.px_per_mm

    @property
    def is_upright(self) -> bool:
        """Return whether it is higher than wide."""
        return self.height_px > self.width_px

    @property
    def is_large_enough(self) -> bool:
        """Whether every page is whole on it, in letters that can be read across a table."""
        shorter_mm, longer_mm = sorted((self.width_mm, self.height_mm))
        return longer_mm >= LEAST_LONGER_MM and shorter_mm >= LEAST_SHORTER_MM

    def mm(self, length_mm: float) -> int:
        """Convert a length to whole pixels, at least one."""
        return max(1, round(length_mm * self.px_per_mm))

    def pt(self, points: float) -> int:
        """Convert a font size to whole pixels, at true density."""
        return max(1, round(points * 25.4 / 72 * self.px_per_mm))
