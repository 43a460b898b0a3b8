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

    @property
    def is_whole(self) -> bool:
        return self.headline.is_whole and self.words.is_whole


def draw_text_block(canvas: Canvas, key: str, block: TextBlock, box: Box) -> None:
    """Draw headline and words below each other, vertically centred in the box."""
    setting = _setting(canvas, block, box)
    above = _headline_px(canvas, block, setting.headline)
    place = box.middle(box.width, above + (setting.words.height_px if block.words else 0))
    upper, lower = place.top(above)
    ink, soft = block.paint.ink, block.paint.soft
    heading = TextStyle(setting.role, ink, block.align, "top")
    canvas.lettering(f"{key}.headline", block.headline, setting.headline, upper, heading)
    canvas.lettering(
        f"{key}.words", block.words, setting.words, lower, TextStyle("body", soft, block.align, "top")
    )


def fits_whole(canvas: Canvas, block: TextBlock, box: Box) -> bool:
    """Return whether nothing would be cut."""
    return _setting(canvas, block, box).is_whole


def divided(canvas: Canvas, block: TextBlock, box: Box) -> list[TextBlock]:
    """Split the text into pages of whole words; the headline is alone where no word fits below it."""
    left, parts = block.words.split(" "), list[TextBlock]()
    if not fits_whole(canvas, block, box) and not fits_whole(canvas, block._replace(words=left[0]), box):
        alone = block._replace(headline="")
        if fits_whole(canvas, alone._replace(words=left[0]), box):
            parts, block = [block._replace(words="")], alone
    while left:
        fits = _how_many_fit(canvas, block, left, box)
        parts.append(block._replace(words=" ".join(left[:fits])))
        left = left[fits:]
    return parts


def _how_many_fit(canvas: Canvas, block: TextBlock, words: list[str], box: Box) -> int:
    """Return how many words fit, at least one. Measuring is slow: never of much more than a page."""

    def fit(count: int) -> bool:
        return fits_whole(canvas, block._replace(words=" ".join(words[:count])), box)

    least, most = 1, 16
    while most < len(words) and fit(most):
        least, most = most, 2 * most
    most = min(most, len(words))
    if fit(most):
        return most
    while least < most - 1:
        middle = (least + most) // 2
        least, most = (middle, most) if fit(middle) else (least, middle)
    return least


def _headline_px(canvas: Canvas, block: TextBlock, headline: Fitted) -> int:
    """Return the height of the headline and of the gap below it."""
    gap = canvas.theme.mm(GAP_MM) if block.words else 0
    return headline.height_px + gap if block.headline else 0


def _setting(canvas: Canvas, block: TextBlock, box: Box) -> _Setting:
    """Return the first layout in which nothing is cut and the headline leaves room for the text.

    Else the best of those in which nothing is cut; else the last.
    """
    sizes = _HEADLINES if block.largest == 1 else (("headline", block.largest), *_HEADLINES)
    least = canvas.theme.fitted(block.words, "body", box, scale=SMALLEST).height_px
    least += canvas.theme.mm(GAP_MM)
    most = max(box.height * 6 // 10, box.height - least) if block.words else box.height
    enough = int(canvas.theme.type_size("body").size_px * ENOUGH)
    whole, readable = list[_Setting](), list[_Setting]()
    for role, scale in sizes:
        headline = canvas.theme.fitted(block.headline, role, box._replace(height=max(1, most)), scale=scale)
        rest = box._replace(height=max(1, box.height - _headline_px(canvas, block, headline)))
        setting = _Setting(role, headline, canvas.theme.fitted(block.words, "body", rest))
        if setting.is_whole:
            whole.append(setting)
            if not block.words or setting.words.size_px >= enough:
                break
        elif headline.is_readable and setting.words.is_readable:
            readable.append(setting)
    return max(whole or readable, key=_merit, default=setting)


def _merit(setting: _Setting) -> tuple[bool, int]:
    """Return the sort key: a headline is never smaller than its text."""
    return setting.headline.size_px >= setting.words.size_px, setting.words.size_px
