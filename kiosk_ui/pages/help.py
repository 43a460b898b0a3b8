"""How a request for help is doing, in steps: done, now, ahead."""

from itertools import pairwise

from device.screen.model import HelpPage, HelpState, Step
from kiosk_ui.boxes import Box
from kiosk_ui.pages.frame import Frame, draw_back
from kiosk_ui.palettes import Paint, Palette
from kiosk_ui.pen import Hand, Pen
from kiosk_ui.theme import Role


def draw_help_page(pen: Pen, page: HelpPage, frame: Frame) -> None:
    """What is known in large words; the steps beside or below."""
    if page.back:
        draw_back(pen, frame.foot, page.back)
    gap = pen.theme.gap
    if not page.steps:
        _draw_message(pen, page, frame.content)
    elif pen.theme.panel.is_upright:
        message, steps = frame.content.top(frame.content.height * 38 // 100, gap)
        _draw_message(pen, page, message)
        _draw_steps(pen, page.steps, steps)
    else:
        message, steps = frame.content.left((frame.content.width - gap) // 2, gap)
        _draw_message(pen, page, message)
        _draw_steps(pen, page.steps, steps)


def _draw_message(pen: Pen, page: HelpPage, box: Box) -> None:
    paint = _paint_of(pen.theme.palette, page.state)
    pen.plate("message.card", box, paint, raised=True)
    inside = box.inset(pen.theme.mm(6), pen.theme.mm(5))
    headline = pen.theme.fitted(page.headline, "headline", inside._replace(height=inside.height * 6 // 10))
    words = pen.theme.fitted(
        page.words, "body", inside._replace(height=inside.height - headline.height_px - pen.theme.mm(3))
    )
    block = inside.middle(inside.width, headline.height_px + pen.theme.mm(3) + words.height_px)
    upper, lower = block.top(headline.height_px, pen.theme.mm(3))
    pen.lettering(
        "message.headline", page.headline, headline, upper, Hand("headline", paint.ink, "left", "top")
    )
    if page.words:
        pen.words("message.words", page.words, lower, Hand("body", paint.soft, rise="top"))


def _draw_steps(pen: Pen, steps: list[Step], box: Box) -> None:
    """A ladder of signs joined by a line."""
    card = pen.theme.palette.card
    pen.plate("steps.card", box, card, raised=True)
    inside = box.inset(pen.theme.mm(5), pen.theme.mm(2))
    cells = inside.grid(1, len(steps), pen.theme.mm(1))
    size = min(pen.theme.mm(13), cells[-1].height)
    for index, (cell, following) in enumerate(pairwise(cells)):
        x, top = cell.x + size // 2 - pen.theme.mm(0.6), cell.y + (cell.height + size) // 2
        length = following.y + (following.height - size) // 2 - top
        if length > 0:
            colour = pen.theme.palette.available if steps[index].state == "done" else pen.theme.palette.away
            line = Paint(colour, card.ink, card.ink, colour)
            pen.plate(f"steps.{index}.line", Box(x, top, pen.theme.mm(1.2), length), line, radius_px=0)
    for index, (cell, step) in enumerate(zip(cells, steps, strict=True)):
        _draw_step(pen, f"steps.{index}", step, cell, size)


def _draw_step(pen: Pen, key: str, step: Step, cell: Box, size: int) -> None:
    card, palette = pen.theme.palette.card, pen.theme.palette
    paint = card
    if step.state == "now":
        paint = palette.chosen
        grown = cell.inset(-pen.theme.mm(2), 0)
        pen.plate(f"{key}.plate", grown, paint, radius_px=pen.theme.mm(3))
    icon, words = cell.left(size, pen.theme.mm(4))
    colour = {"done": palette.available, "now": paint.ink, "ahead": palette.away}[step.state]
    pen.icon(f"{key}.icon", step.state, icon.middle(size, size), colour)
    role: Role = "strong" if step.state == "now" else "body"
    ink = paint.soft if step.state == "ahead" else paint.ink
    pen.words(f"{key}.words", step.words, words, Hand(role, ink, lines=3))


def _paint_of(palette: Palette, state: HelpState) -> Paint:
    if state in ("coming", "here"):
        return palette.open
    if state == "received":
        return palette.chosen
    return palette.news if state == "sending" else palette.card
