"""A text block: a headline and text, as large as fits completely."""

from typing import NamedTuple

from kiosk_ui.boxes import Box
from kiosk_ui.canvas import Canvas, TextStyle
from kiosk_ui.palettes import Paint
from kiosk_ui.text.fitting import Fitted
from kiosk_ui.text.raster import Align
from kiosk_ui.theme import Role

SMALLEST = 0.5
GAP_MM = 2.0
# Relative to the usual text size: below it the headline shrinks.
ENOUGH = 0.75
_HEADLINES: tuple[tuple[Role, float], ...] = (
    ("headline", 1.0),
    ("title", 1.0),
    ("strong", 1.0),
    ("strong", SMALLEST),
    ("body", SMALLEST),
)


class TextBlock(NamedTuple):
    """Headline and text, up to ``largest`` times the usual size."""

    headline: str
    words: str
    paint: Paint
    align: Align = "left"
    largest: float = 1.0


class _Setting(NamedTuple):
    role: Role
    headline: Fitted
    words: Fitted


def draw_text_block(canvas: Canvas, key: str, block: TextBlock, box: Box) -> None:
    """Draw it vertically centred."""
    gap = canvas.theme.mm(GAP_MM)
    setting = _setting(canvas, block, box, gap)
    below = setting.words.height_px + gap if block.words else 0
    place = box.middle(box.width, setting.headline.height_px + below)
    upper, lower = place.top(setting.headline.height_px, gap)
    ink, soft = block.paint.ink, block.paint.soft
    heading = TextStyle(setting.role, ink, block.align, "top")
    canvas.lettering(f"{key}.headline", block.headline, setting.headline, upper, heading)
    canvas.lettering(
        f"{key}.words", block.words, setting.words, lower, TextStyle("body", soft, block.align, "top")
    )


def fits_whole(canvas: Canvas, block: TextBlock, box: Box) -> bool:
    """Return whether nothing would be cut."""
    setting = _setting(canvas, block, box, canvas.theme.mm(GAP_MM))
    return setting.headline.is_whole and setting.words.is_whole


def _setting(canvas: Canvas, block: TextBlock, box: Box, gap: int) -> _Setting:
    """Return the first layout in which nothing is cut and the headline leaves room for the text.

    Else the best of those in which nothing is cut; else the last.
    """
    sizes = _HEADLINES if block.largest == 1 else (("headline", block.largest), *_HEADLINES)
    least = canvas.theme.fitted(block.words, "body", box, scale=SMALLEST).height_px + gap
    most = max(box.height * 6 // 10, box.height - least) if block.words else box.height
    enough, whole = int(canvas.theme.type_size("body").size_px * ENOUGH), list[_Setting]()
    for role, scale in sizes:
        headline = canvas.theme.fitted(block.headline, role, box._replace(height=max(1, most)), scale=scale)
        rest = box._replace(height=max(1, box.height - headline.height_px - gap))
        setting = _Setting(role, headline, canvas.theme.fitted(block.words, "body", rest))
        if headline.is_whole and setting.words.is_whole:
            whole.append(setting)
            if not block.words or setting.words.size_px >= enough:
                break
    return max(whole, key=_merit, default=setting)


def _merit(setting: _Setting) -> tuple[bool, int]:
    """Return the sort key: a headline is never smaller than its text."""
    return setting.headline.size_px >= setting.words.size_px, setting.words.size_px
