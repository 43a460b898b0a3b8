"""The page of one contact."""

from typing import NamedTuple

from msgspec.structs import replace

from device.window_protocol.model import PersonPage
from kiosk_ui.boxes import Box
from kiosk_ui.canvas import Canvas, TextStyle
from kiosk_ui.pages.divided import DividedPage, draw_divided, turn_spec
from kiosk_ui.pages.frame import Frame, NamedSpec, draw_page
from kiosk_ui.parts.action import button_spec
from kiosk_ui.parts.face import draw_presence_sign
from kiosk_ui.parts.text_block import TextBlock
from kiosk_ui.text.fitting import Fitted
from kiosk_ui.text.raster import Align
from kiosk_ui.theme import Role

GAP_MM = 2.5
NAME_SCALES = (1.0, 0.8, 0.6)
# The portrait shrinks for text that would be cut, in hundredths of its largest size.
PICTURE_PARTS = (100, 75, 55, 40, 25)


def draw_person(canvas: Canvas, page: PersonPage, frame: Frame, turned: int) -> None:
    """Draw portrait, name, availability, further text, and the call button; large letters on two pages."""
    is_large = frame.more and canvas.theme.has_large_text and page.lines
    if is_large and not _draw_whole(Canvas(canvas.theme), page, frame):
        _draw_divided(canvas, page, frame, turned)
    else:
        _draw_whole(canvas, page, frame)


def _draw_divided(canvas: Canvas, page: PersonPage, frame: Frame, turned: int) -> None:
    """Draw face and name, then the lines, then what can be done."""
    acts = [button for button in (page.call, page.other) if button]
    if turned % (2 + bool(acts)) == 0:
        named = replace(page, lines=[], call=None, other=None)
        _draw_whole(canvas, named, frame, turn_spec(canvas, frame, 0, 2 + bool(acts)))
        return
    card = canvas.theme.palette.card
    lines = [TextBlock("", "\n".join(page.lines), card, "middle")]
    first = [TextBlock(page.face.name, "", card, "middle")]
    draw_divided(canvas, "person", DividedPage(first + lines, page.back, acts), frame, turned)


def _draw_whole(canvas: Canvas, page: PersonPage, frame: Frame, *onward: NamedSpec) -> bool:
    """Draw it on one page. Return whether all letters are as large as they must be."""
    acts = list(onward)
    if page.call:
        spec = button_spec(canvas.theme.palette, page.call)
        acts.append(("call", spec._replace(label=spec.label._replace(role="headline"))))
    if page.other:
        acts.append(("other", button_spec(canvas.theme.palette, page.other)))
    content = draw_page(canvas, frame, "", page.back, *acts)
    card = canvas.theme.palette.card
    canvas.rectangle("person.card", content, card)
    inside = content.inset(canvas.theme.mm(6))
    upright = canvas.theme.panel.is_upright
    for part in PICTURE_PARTS:
        size = min(
            canvas.theme.mm(95),
            inside.width * (70 if upright else 42) * part // 10_000,
            inside.height * (45 if upright else 100) * part // 10_000,
        )
        picture, text = (
            inside.top(size, canvas.theme.mm(4)) if upright else inside.left(size, canvas.theme.mm(8))
        )
        if _setting(canvas, page, text).is_whole:
            break
    place = picture.middle(size, size)
    canvas.portrait("person.portrait", page.face, place)
    if page.face.presence_words:
        draw_presence_sign(canvas, "person", place, page.face)
    _draw_text(canvas, page, text, "middle" if upright else "left")
    return canvas.is_whole


class _Setting(NamedTuple):
    name: Fitted
    presence: Fitted
    more: Fitted

    @property
    def is_whole(self) -> bool:
        return all(text.is_whole for text in self)


def _setting(canvas: Canvas, page: PersonPage, box: Box) -> _Setting:
    """Return the largest name that leaves room for the rest."""
    gap = canvas.theme.mm(GAP_MM)
    for scale in NAME_SCALES:
        room = box._replace(height=box.height // 2)
        name = canvas.theme.fitted(page.face.name, "headline", room, lines=3, scale=scale)
        room = box._replace(height=box.height * 3 // 10)
        presence = _fitted(canvas, page.face.presence_words, "title", room)
        room = box._replace(height=max(1, box.height - name.height_px - presence.height_px - 2 * gap))
        setting = _Setting(name, presence, _fitted(canvas, "\n".join(page.lines), "body", room))
        if setting.is_whole:
            break
    return setting


def _fitted(canvas: Canvas, text: str, role: Role, room: Box) -> Fitted:
    """Return the fitted text; no line where there is none."""
    fitted = canvas.theme.fitted(text, role, room)
    return fitted if text else Fitted((), fitted.weight, fitted.size_px)


def _draw_text(canvas: Canvas, page: PersonPage, box: Box, align: Align) -> None:
    card = canvas.theme.palette.card
    gap, lines = canvas.theme.mm(GAP_MM), "\n".join(page.lines)
    name, presence, more = _setting(canvas, page, box)
    total = name.height_px + presence.height_px + (more.height_px + gap if lines else 0) + gap
    block = box.middle(box.width, total)
    upper, rest = block.top(name.height_px, gap)
    middle, lower = rest.top(presence.height_px, gap)
    canvas.lettering(
        "person.name", page.face.name, name, upper, TextStyle("headline", card.ink, align, "top")
    )
    canvas.lettering(
        "person.presence",
        page.face.presence_words,
        presence,
        middle,
        TextStyle("title", card.soft, align, "top"),
    )
    if lines:
        canvas.lettering("person.lines", lines, more, lower, TextStyle("body", card.ink, align, "top"))
