"""Sizes and colours for one panel and one resident's style."""

from collections.abc import Iterator
from functools import lru_cache
from typing import Literal

from msgspec import Struct

from device.window_protocol.model import Style
from kiosk_ui.boxes import Box
from kiosk_ui.palettes import Palette, palette_for
from kiosk_ui.panel import Panel
from kiosk_ui.text.fitting import Fitted, TypeSize, fit, line_height
from kiosk_ui.text.typefaces import Weight

Role = Literal["headline", "title", "strong", "body", "caption"]

HELP_MM = 30.0
ACTION_MM = 20.0
GAP_MM = 6.0
MARGIN_MM = 3.5
# From this text size on, pages that show everything at once in usual letters are divided.
LARGE_TEXT = 1.25

_TEN_INCH_MM2 = 217.0 * 135.6
_SIMPLE_PROFILE = 1.2
_SMALLEST_PANEL = 0.75
_POINTS: dict[Role, tuple[Weight, float, float]] = {
    "headline": ("bold", 42, 28),
    "title": ("bold", 29, 24),
    "strong": ("bold", 27, 24),
    "body": ("regular", 27, 24),
    "caption": ("regular", 22, 20),
}


class Theme(Struct, frozen=True, eq=False):
    """The sizes that pages and widgets use; independent of Screens."""

    panel: Panel
    palette: Palette
    scale: float
    least_scale: float
    is_simple: bool
    text_scale: float = 1.0

    @lru_cache(maxsize=256)  # noqa: B019 - few themes live
    def type_size(self, role: Role, scale: float = 1.0) -> TypeSize:
        """Return size and minimum size of a role, in pixels; the minimum grows where pages are divided."""
        weight, points, least = _POINTS[role]
        least *= self.least_scale * (self.text_scale if self.has_large_text else 1.0)
        largest = max(least, points * self.scale * scale)
        return TypeSize(weight, self.panel.pt(largest), self.panel.pt(least))

    def fitted(self, text: str, role: Role, box: Box, *, lines: int = 12, scale: float = 1.0) -> Fitted:
        """Return text fitted to a box: smaller than the text size asks for rather than cut."""
        size = self.type_size(role, scale)
        fitted = fit(text, size, box.width, box.height, lines)
        if fitted.is_whole or not self.has_large_text:
            return fitted
        readable = size._replace(least_px=self.panel.pt(_POINTS[role][2] * self.least_scale))
        return fit(text, readable, box.width, box.height, lines)._replace(small=True)

    def two_fitted(
        self,
        upper: tuple[str, Role],
        lower: tuple[str, Role],
        box: Box,
        *,
        lines: int = 2,
        scale: float = 1.0,
    ) -> tuple[Fitted, Fitted]:
        """Return two texts, one above the other: the first may take all but the second's minimum."""
        settings = []
        for least in self._least_heights(lower, box, lines):
            room = box._replace(height=max(1, box.height - least))
            first = self.fitted(*upper, room, lines=lines, scale=scale)
            rest = box._replace(height=max(1, box.height - first.height_px))
            settings.append((first, self.fitted(*lower, rest, lines=lines, scale=scale)))
            if all(text.is_whole for text in settings[-1]):
                return settings[-1]
        return next((each for each in settings if all(text.is_readable for text in each)), settings[0])

    def _least_heights(self, text: tuple[str, Role], box: Box, lines: int) -> Iterator[int]:
        """Yield the height of one line; and, where the first text would be too greedy, of all lines."""
        if not text[0]:
            yield 0
            return
        weight, _, least_px = self.type_size(text[1])
        yield line_height(least_px)
        yield fit(text[0], TypeSize(weight, least_px, least_px), box.width, box.height, lines).height_px

    def mm(self, length_mm: float) -> int:
        """Convert a length to whole pixels."""
        return self.panel.mm(length_mm)

    @property
    def has_large_text(self) -> bool:
        """Return whether letters are so large that pages are divided."""
        return self.text_scale >= LARGE_TEXT

    @property
    def gap(self) -> int:
        """Return the minimum distance between two touch targets."""
        return self.panel.mm(GAP_MM) + 1

    @property
    def action(self) -> int:
        """Return the minimum side of a touch target."""
        return self.panel.mm(ACTION_MM) + 1

    @property
    def padding(self) -> int:
        """Return the padding of a surface."""
        return self.panel.mm(3.5)

    @property
    def radius(self) -> int:
        """Return the corner radius of cards."""
        return self.panel.mm(4.5)


@lru_cache(maxsize=8)
def theme_for(panel: Panel, style: Style) -> Theme:
    """Return the theme; font size grows with the panel.

    From ten inches up text is readable across a table; a smaller panel is within reach, and may use down to
    three quarters of that.
    """
    size = (panel.width_mm * panel.height_mm / _TEN_INCH_MM2) ** 0.5
    growth = size**0.5 if size > 1 else max(_SMALLEST_PANEL, size)
    is_simple = style.profile == "simple"
    scale = growth * style.text_scale * (_SIMPLE_PROFILE if is_simple else 1.0)
    return Theme(
        panel, palette_for(style), scale, min(1.0, max(_SMALLEST_PANEL, size)), is_simple, style.text_scale
    )
