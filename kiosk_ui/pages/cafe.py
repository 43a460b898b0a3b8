"""The café's page: open or closed, and the hours of the coming days."""

from device.window_protocol.model import CafePage
from kiosk_ui.boxes import Box
from kiosk_ui.canvas import Canvas, TextStyle
from kiosk_ui.pages.divided import turn_spec
from kiosk_ui.pages.frame import Frame, draw_page


def draw_cafe(canvas: Canvas, page: CafePage, frame: Frame, turned: int) -> None:
    """Draw the state in large text, the hours one line each; with large letters one after the other."""
    if page.lines and frame.more and canvas.theme.has_large_text:
        _draw_divided(canvas, page, frame, turned)
    else:
        _draw_whole(canvas, page, frame)


def _draw_divided(canvas: Canvas, page: CafePage, frame: Frame, turned: int) -> None:
    trial = Canvas(canvas.theme)
    body = draw_page(trial, frame, "", page.back, turn_spec(canvas, frame, 0, 2))
    most = max(1, _inside(canvas, body).height // canvas.theme.type_size("body").line_px)
    hours = [page.lines[at : at + most] for at in range(0, len(page.lines), most)]
    at = turned % (1 + len(hours))
    draw_page(canvas, frame, "", page.back, turn_spec(canvas, frame, at, 1 + len(hours)))
    if at:
        _draw_hours(canvas, hours[at - 1], body)
    else:
        _draw_state(canvas, page, body)


def _draw_whole(canvas: Canvas, page: CafePage, frame: Frame) -> None:
    body, gap = draw_page(canvas, frame, "", page.back), canvas.theme.gap
    if not page.lines:
        _draw_state(canvas, page, body)
    elif canvas.theme.panel.is_upright:
        state, hours = body.top(body.height * 42 // 100, gap)
        _draw_state(canvas, page, state)
        _draw_hours(canvas, page.lines, hours)
    else:
        state, hours = body.left((body.width - gap) // 2, gap)
        _draw_state(canvas, page, state)
        _draw_hours(canvas, page.lines, hours)


def _draw_state(canvas: Canvas, page: CafePage, box: Box) -> None:
    paint = canvas.theme.palette.open if page.open else canvas.theme.palette.action
    canvas.rectangle("cafe.card", box, paint)
    inside = _inside(canvas, box)
    icon, text = inside.top(min(canvas.theme.mm(36), inside.height * 36 // 100), canvas.theme.mm(2))
    canvas.icon("cafe.icon", "cafe", icon, paint.ink)
    title = canvas.theme.fitted(
        page.title, "headline", text._replace(height=text.height * 55 // 100), lines=3
    )
    upper, lower = text.top(title.height_px, canvas.theme.mm(2))
    canvas.lettering(
        "cafe.title", page.title, title, upper, TextStyle("headline", paint.ink, "middle", "top")
    )
    canvas.words("cafe.words", page.words, lower, TextStyle("body", paint.soft, align="middle", rise="top"))


def _draw_hours(canvas: Canvas, lines: list[str], box: Box) -> None:
    card = canvas.theme.palette.card
    canvas.rectangle("cafe.hours", box, card)
    inside = _inside(canvas, box)
    least = round(canvas.theme.type_size("body").least_px * 1.2)
    lines = lines[: max(1, inside.height // least)]
    for index, (cell, line) in enumerate(zip(inside.grid(1, len(lines), 0), lines, strict=True)):
        canvas.words(
            f"cafe.hours.{index}",
            line,
            cell,
            TextStyle("strong" if index == 0 else "body", card.ink, lines=2),
        )


def _inside(canvas: Canvas, box: Box) -> Box:
    return box.inset(canvas.theme.mm(6), canvas.theme.mm(4))
