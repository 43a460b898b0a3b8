"""The café's page: open or closed, and the hours of the coming days."""

from device.window_protocol.model import CafePage
from kiosk_ui.boxes import Box
from kiosk_ui.pages.frame import Frame, draw_page
from kiosk_ui.pen import Pen, TextStyle


def draw_cafe(pen: Pen, page: CafePage, frame: Frame) -> None:
    """Draw the state in large text; the hours one line each."""
    body, gap = draw_page(pen, frame, "", page.back), pen.theme.gap
    if not page.lines:
        _draw_state(pen, page, body)
    elif pen.theme.panel.is_upright:
        state, hours = body.top(body.height * 42 // 100, gap)
        _draw_state(pen, page, state)
        _draw_hours(pen, page.lines, hours)
    else:
        state, hours = body.left((body.width - gap) // 2, gap)
        _draw_state(pen, page, state)
        _draw_hours(pen, page.lines, hours)


def _draw_state(pen: Pen, page: CafePage, box: Box) -> None:
    paint = pen.theme.palette.open if page.open else pen.theme.palette.action
    pen.plate("cafe.card", box, paint)
    inside = box.inset(pen.theme.mm(6), pen.theme.mm(4))
    icon, text = inside.top(min(pen.theme.mm(36), inside.height * 36 // 100), pen.theme.mm(2))
    pen.icon("cafe.icon", "cafe", icon, paint.ink)
    title = pen.theme.fitted(page.title, "headline", text._replace(height=text.height * 55 // 100), lines=3)
    upper, lower = text.top(title.height_px, pen.theme.mm(2))
    pen.lettering("cafe.title", page.title, title, upper, TextStyle("headline", paint.ink, "middle", "top"))
    pen.words("cafe.words", page.words, lower, TextStyle("body", paint.soft, align="middle", rise="top"))


def _draw_hours(pen: Pen, lines: list[str], box: Box) -> None:
    card = pen.theme.palette.card
    pen.plate("cafe.hours", box, card)
    inside = box.inset(pen.theme.mm(6), pen.theme.mm(4))
    least = round(pen.theme.type_size("body").least_px * 1.2)
    lines = lines[: max(1, inside.height // least)]
    for index, (cell, line) in enumerate(zip(inside.grid(1, len(lines), 0), lines, strict=True)):
        pen.words(
            f"cafe.hours.{index}",
            line,
            cell,
            TextStyle("strong" if index == 0 else "body", card.ink, lines=2),
        )
