"""Messages, one at a time, with or without a picture; long ones scroll."""

from typing import NamedTuple

from msgspec.structs import replace

from device.window_protocol.model import MessageEntry, MessagePage
from kiosk_ui.boxes import Box
from kiosk_ui.canvas import Canvas, TextStyle
from kiosk_ui.pages.divided import button_cells, turn_spec
from kiosk_ui.pages.frame import Frame, draw_page, foot_places
from kiosk_ui.parts.action import button_spec, draw_buttons
from kiosk_ui.parts.arrows import draw_arrows
from kiosk_ui.parts.text_block import TextBlock, divided, draw_text_block, fits_whole
from kiosk_ui.text.fitting import Fitted

ACTS_MM = 26.0
ACTS_BESIDE_MM = 50.0
# In per cent; a smaller one where large letters need more room.
PICTURE_SHARES = (60, 45, 30)


class _Part(NamedTuple):
    """The content of one page: a message, or part of its text."""

    entry: MessageEntry
    block: TextBlock


def draw_message_page(canvas: Canvas, page: MessagePage, frame: Frame, turned: int) -> None:
    """Draw the message with its answers below, or scroll arrows."""
    if page.acts and frame.more and canvas.theme.has_large_text:
        _draw_answered(canvas, page, frame, turned)
        return
    whole = draw_page(Canvas(canvas.theme), frame, "", page.back)
    is_beside = len(page.acts) <= 2 and (not page.acts or len(_parts(canvas, page, whole)) <= 1)
    acts = [(f"act.{at}", button_spec(canvas.theme.palette, spec)) for at, spec in enumerate(page.acts)]
    body = draw_page(canvas, frame, "", page.back, *(acts if is_beside else ()))
    if page.acts and not is_beside:
        cells, body = _act_places(canvas, page, body)
        draw_buttons(canvas, "act", page.acts, cells)
    parts = _parts(canvas, page, body)
    if len(parts) > 1:
        body, places = foot_places(canvas.theme, frame._replace(content=body), 2)
        parts = _parts(canvas, page, body)
        turned = min(turned, len(parts) - 1)
        draw_arrows(canvas, ("message", page.fewer, page.more), (turned, len(parts) - 1), places)
    card = canvas.theme.palette.card
    canvas.rectangle("message.card", body, card)
    if not parts:
        inside = body.inset(canvas.theme.mm(6), canvas.theme.mm(3))
        canvas.words("message.words", page.words, inside, TextStyle("title", card.ink, "middle"))
        return
    _draw(canvas, parts[min(turned, len(parts) - 1)], body)


def _act_places(canvas: Canvas, page: MessagePage, body: Box) -> tuple[list[Box], Box]:
    """Return places of the answers and the rest: below, or beside a text that is long on a lying panel."""
    theme, count = canvas.theme, len(page.acts)
    row, above = body.foot(max(theme.action, theme.mm(ACTS_MM)), theme.gap)
    has_pictures = any(each.photo is not None for each in page.entries)
    if theme.panel.is_upright or has_pictures or len(_parts(canvas, page, above)) <= 1:
        return row.grid(count, 1, theme.gap), above
    column, left = body.end(theme.mm(ACTS_BESIDE_MM), theme.gap)
    return column.grid(1, count, theme.gap), left


def _draw_answered(canvas: Canvas, page: MessagePage, frame: Frame, turned: int) -> None:
    """Draw the message in large letters, then its answers as large buttons."""
    body = draw_page(Canvas(canvas.theme), frame, "", page.back, turn_spec(canvas, frame, 0, 2))
    parts = _parts(canvas, page, body)
    at = turned % (len(parts) + 1)
    draw_page(canvas, frame, "", page.back, turn_spec(canvas, frame, at, len(parts) + 1))
    if at == len(parts):
        draw_buttons(canvas, "act", page.acts, button_cells(canvas.theme, body, len(page.acts)))
        return
    canvas.rectangle("message.card", body, canvas.theme.palette.card)
    _draw(canvas, parts[at], body)


def _draw(canvas: Canvas, part: _Part, body: Box) -> None:
    entry = part.entry
    picture, text = _text_place(canvas, entry, body)
    if entry.photo is not None:
        canvas.picture("message.picture", entry.photo, picture)
    if entry.line:
        setting = _line(canvas, entry, text)
        place, text = text.foot(setting.height_px, canvas.theme.mm(2))
        text_style = TextStyle("caption", canvas.theme.palette.card.soft, "middle", "foot")
        canvas.lettering("message.line", entry.line, setting, place, text_style)
    draw_text_block(canvas, "message", part.block, text)


def _line(canvas: Canvas, entry: MessageEntry, text: Box) -> Fitted:
    return canvas.theme.fitted(entry.line, "caption", text._replace(height=text.height * 40 // 100))


def _above_line(canvas: Canvas, entry: MessageEntry, text: Box) -> Box:
    """Return the text area without the line below."""
    return text.foot(_line(canvas, entry, text).height_px, canvas.theme.mm(2))[1] if entry.line else text


def _places(canvas: Canvas, body: Box, share: int) -> tuple[Box, Box]:
    """Return areas of picture and text: side by side, or stacked on an upright panel."""
    inside = body.inset(canvas.theme.mm(4))
    if canvas.theme.panel.is_upright:
        return inside.top(inside.height * share // 100, canvas.theme.mm(3))
    return inside.left(inside.width * share // 100, canvas.theme.mm(4))


def _text_place(canvas: Canvas, entry: MessageEntry, body: Box) -> tuple[Box, Box]:
    if entry.photo is None:
        return body, body.inset(canvas.theme.mm(6), canvas.theme.mm(3))
    begins = _text_block(canvas, entry, " ".join(entry.words.split()[:1]))
    both = [_places(canvas, body, share) for share in PICTURE_SHARES]
    fitting = (each for each in both if fits_whole(canvas, begins, _above_line(canvas, entry, each[1])))
    return next(fitting, both[-1])


def _text_block(canvas: Canvas, entry: MessageEntry, words: str) -> TextBlock:
    return TextBlock(entry.headline, words, canvas.theme.palette.card, "middle")


def _parts(canvas: Canvas, page: MessagePage, body: Box) -> list[_Part]:
    return [part for entry in page.entries for part in _parts_of(canvas, entry, body)]


def _parts_of(canvas: Canvas, entry: MessageEntry, body: Box) -> list[_Part]:
    """Split the text into pages."""
    _, text = _text_place(canvas, entry, body)
    blocks = divided(canvas, _text_block(canvas, entry, entry.words), _above_line(canvas, entry, text))
    if entry.photo is not None and len(blocks) > 1:
        # The picture first, and then the words with all of the page to themselves.
        alone = replace(entry, photo=None)
        return [_Part(entry, _text_block(canvas, entry, "")), *_parts_of(canvas, alone, body)]
    return [_Part(entry, block) for block in blocks]
