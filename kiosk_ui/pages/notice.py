"""A page of text only: before the first view, out of use, or without the core."""

from device.window_protocol.model import NoticePage
from kiosk_ui.boxes import Box
from kiosk_ui.canvas import Canvas, Sign, TextStyle
from kiosk_ui.text.fitting import Fitted


def draw_notice(canvas: Canvas, page: NoticePage, box: Box) -> None:
    """Draw an icon, a headline, and a short text, centred."""
    room = canvas.theme.palette.room
    headline = canvas.theme.fitted(page.headline, "headline", box._replace(height=box.height * 38 // 100))
    words = canvas.theme.fitted(
        page.words, "body", _column(canvas, box)._replace(height=box.height * 52 // 100), scale=1.1
    )
    upper, lower = _draw_sign(canvas, page.icon, box, (headline, words))
    canvas.lettering(
        "notice-page.headline",
        page.headline,
        headline,
        upper,
        TextStyle("headline", room.ink, "middle", "top"),
    )
    if page.words:
        canvas.lettering(
            "notice-page.words", page.words, words, lower, TextStyle("body", room.soft, "middle", "top")
        )


def draw_lost(canvas: Canvas, words: str, box: Box) -> None:
    """Draw it in place of everything that could be out of date."""
    setting = canvas.theme.fitted(
        words, "headline", _column(canvas, box)._replace(height=box.height * 75 // 100)
    )
    upper, _ = _draw_sign(canvas, "no-link", box, (setting,))
    canvas.lettering(
        "lost.words",
        words,
        setting,
        upper,
        TextStyle("headline", canvas.theme.palette.room.ink, "middle", "top"),
    )


def _draw_sign(canvas: Canvas, sign: Sign, box: Box, texts: tuple[Fitted, ...]) -> tuple[Box, Box]:
    gap = canvas.theme.mm(4)
    below = sum(text.height_px + gap for text in texts)
    size = max(1, min(canvas.theme.mm(40), box.height - below))
    block = box.middle(box.width, size + below)
    icon, rest = block.top(size, gap)
    canvas.icon("notice-page.icon", sign, icon.middle(size, size), canvas.theme.palette.room.soft)
    upper, lower = rest.top(texts[0].height_px, gap)
    return upper, lower


def _column(canvas: Canvas, box: Box) -> Box:
    return box.middle(min(box.width, canvas.theme.mm(180)), box.height)
