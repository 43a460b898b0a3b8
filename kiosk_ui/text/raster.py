"""Rasterises fitted text to a greyscale mask."""

from typing import Literal, NamedTuple

from PIL import Image, ImageDraw

from kiosk_ui.text.fitting import Fitted
from kiosk_ui.text.typefaces import font, is_right_to_left, stretches, width

Align = Literal["left", "middle", "right"]

BASELINE = 0.91
OVERHANG = 0.16


class Ink(NamedTuple):
    """A greyscale mask of the visible pixels, and its offset from the first line's corner."""

    picture: Image.Image
    right_px: int
    down_px: int


def ink(fitted: Fitted, align: Align) -> Ink:
    """Return the mask, which may exceed its lines: Å, ç, and taller scripts."""
    margin, widest = max(2, round(fitted.size_px * OVERHANG)), fitted.width_px
    picture = Image.new("L", (widest + 2 * margin, fitted.height_px + 2 * margin), 0)
    brush = ImageDraw.Draw(picture)
    brush.fontmode = "L"
    for index, line in enumerate(fitted.lines):
        spare = widest - width(line, fitted.weight, fitted.size_px)
        x = margin + {"left": 0.0, "middle": spare / 2, "right": spare}[align]
        y = margin + index * fitted.line_px + round(fitted.size_px * BASELINE)
        _draw_line(brush, round(x), y, line, fitted)
    seen = picture.getbbox() or (0, 0, 1, 1)
    return Ink(picture.crop(seen), seen[0] - margin, seen[1] - margin)


def _draw_line(brush: ImageDraw.ImageDraw, x: float, y: int, line: str, fitted: Fitted) -> None:
    pieces = stretches(line, fitted.weight)
    for number, piece in enumerate(reversed(pieces) if is_right_to_left(line) else pieces, 1):
        letters = font(piece.font, fitted.size_px)
        brush.text((x, y), piece.text, fill=255, font=letters, anchor="ls")
        if number < len(pieces):
            # Loading every letter again takes as long as drawing it.
            x += letters.getlength(piece.text)
