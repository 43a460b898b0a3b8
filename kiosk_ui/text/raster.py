"""The picture of fitted words: how much ink each pixel carries."""

from typing import Literal

from PIL import Image, ImageDraw

from kiosk_ui.text.fitting import Fitted
from kiosk_ui.text.typefaces import font, is_right_to_left, stretches, width

Align = Literal["left", "middle", "right"]

BASELINE = 0.91
OVERHANG = 0.16


def margin_px(fitted: Fitted) -> int:
    """Room around the lines for strokes that leave them: Å, ç, and scripts that reach higher and lower."""
    return max(2, round(fitted.size_px * OVERHANG))


def ink(fitted: Fitted, align: Align) -> Image.Image:
    """A grey picture, ``margin_px`` larger on every side than the lines."""
    margin, widest = margin_px(fitted), fitted.width_px
    picture = Image.new("L", (widest + 2 * margin, fitted.height_px + 2 * margin), 0)
    brush = ImageDraw.Draw(picture)
    brush.fontmode = "L"
    for index, line in enumerate(fitted.lines):
        spare = widest - width(line, fitted.weight, fitted.size_px)
        x = margin + {"left": 0.0, "middle": spare / 2, "right": spare}[align]
        y = margin + index * fitted.line_px + round(fitted.size_px * BASELINE)
        _draw_line(brush, round(x), y, line, fitted)
    return picture


def _draw_line(brush: ImageDraw.ImageDraw, x: float, y: int, line: str, fitted: Fitted) -> None:
    pieces = stretches(line, fitted.weight)
    for piece in reversed(pieces) if is_right_to_left(line) else pieces:
        letters = font(piece.font, fitted.size_px)
        brush.text((x, y), piece.text, fill=255, font=letters, anchor="ls")
        x += letters.getlength(piece.text)
