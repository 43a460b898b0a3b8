"""One contact, large."""

from device.window_protocol.model import PersonPage
from kiosk_ui.boxes import Box
from kiosk_ui.pages.frame import Frame, draw_page
from kiosk_ui.parts.action import button_act
from kiosk_ui.parts.face import draw_presence_sign
from kiosk_ui.pen import Hand, Pen
from kiosk_ui.text.raster import Align


def draw_person(pen: Pen, page: PersonPage, frame: Frame) -> None:
    """Portrait, name, whether they can be reached, what else there is to say, and the button that calls."""
    acts = []
    if page.call:
        act = button_act(pen.theme.palette, page.call)
        acts.append(("call", act._replace(label=act.label._replace(role="headline"))))
    if page.other:
        acts.append(("other", button_act(pen.theme.palette, page.other)))
    content = draw_page(pen, frame, "", page.back, *acts)
    card = pen.theme.palette.card
    pen.plate("person.card", content, card)
    inside = content.inset(pen.theme.mm(6))
    upright = pen.theme.panel.is_upright
    size = min(
        pen.theme.mm(95),
        inside.width * (70 if upright else 42) // 100,
        inside.height * (45 if upright else 100) // 100,
    )
    picture, text = inside.top(size, pen.theme.mm(4)) if upright else inside.left(size, pen.theme.mm(8))
    place = picture.middle(size, size)
    pen.portrait("person.portrait", page.face, place)
    if page.face.presence_words:
        draw_presence_sign(pen, "person", place, page.face)
    _draw_text(pen, page, text, "middle" if upright else "left")


def _draw_text(pen: Pen, page: PersonPage, box: Box, align: Align) -> None:
    card = pen.theme.palette.card
    gap = pen.theme.mm(2.5)
    name = pen.theme.fitted(page.face.name, "headline", box._replace(height=box.height // 2), lines=3)
    presence = pen.theme.fitted(
        page.face.presence_words, "title", box._replace(height=box.height // 4), lines=2
    )
    lines = "\n".join(page.lines)
    room = box._replace(height=max(1, box.height - name.height_px - presence.height_px - 2 * gap))
    more = pen.theme.fitted(lines, "body", room)
    total = name.height_px + presence.height_px + (more.height_px + gap if lines else 0) + gap
    block = box.middle(box.width, total)
    upper, rest = block.top(name.height_px, gap)
    middle, lower = rest.top(presence.height_px, gap)
    pen.lettering("person.name", page.face.name, name, upper, Hand("headline", card.ink, align, "top"))
    pen.lettering(
        "person.presence", page.face.presence_words, presence, middle, Hand("title", card.soft, align, "top")
    )
    if lines:
        pen.lettering("person.lines", lines, more, lower, Hand("body", card.ink, align, "top"))
