"""How large and in which colours everything is, for one panel and one resident's style."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from device.screen.model import Style
from kiosk_ui.palettes import Palette, palette_for
from kiosk_ui.panel import Panel
from kiosk_ui.text.fitting import TypeSize
from kiosk_ui.text.typefaces import Weight

Role = Literal["display", "headline", "title", "strong", "body", "caption"]

HELP_MM = 30.0
ACTION_MM = 20.0
GAP_MM = 6.0
MARGIN_MM = 4.0
BODY_LEAST_PT = 24.0

_TEN_INCH_MM2 = 217.0 * 135.6
_SIMPLE_PROFILE = 1.2
_POINTS: dict[Role, tuple[Weight, float, float]] = {
    "display": ("bold", 64, 36),
    "headline": ("bold", 42, 28),
    "title": ("bold", 29, 24),
    "strong": ("bold", 27, 24),
    "body": ("regular", 27, 24),
    "caption": ("regular", 22, 20),
}


@dataclass(frozen=True)
class Theme:
    """Asked by pages and parts; knows nothing of Screens."""

    panel: Panel
    palette: Palette
    scale: float
    is_simple: bool

    def type_size(self, role: Role, scale: float = 1.0) -> TypeSize:
        """Size and least size of a role, in pixels."""
        weight, points, least = _POINTS[role]
        largest = max(least, points * self.scale * scale)
        return TypeSize(weight, self.panel.pt(largest), self.panel.pt(least))

    def mm(self, length_mm: float) -> int:
        return self.panel.mm(length_mm)

    @property
    def gap(self) -> int:
        return self.panel.mm(GAP_MM) + 1

    @property
    def action(self) -> int:
        """The least side of something to touch."""
        return self.panel.mm(ACTION_MM) + 1

    @property
    def padding(self) -> int:
        return self.panel.mm(3.5)

    @property
    def radius(self) -> int:
        return self.panel.mm(4.5)


@lru_cache(maxsize=8)
def theme_for(panel: Panel, style: Style) -> Theme:
    """Type grows with the panel, but never below what is readable."""
    area = panel.width_mm * panel.height_mm
    size = min(1.5, max(0.8, (area / _TEN_INCH_MM2) ** 0.5))
    is_simple = style.profile == "simple"
    scale = size * style.text_scale * (_SIMPLE_PROFILE if is_simple else 1.0)
    return Theme(panel, palette_for(style), scale, is_simple)
