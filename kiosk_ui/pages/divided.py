"""A page whose text is too large for one: part after part, then its answers; one arrow leads round."""

from collections.abc import Sequence
from typing import NamedTuple

from device.window_protocol.model import Button
from kiosk_ui.boxes import Box
from kiosk_ui.canvas import Canvas
from kiosk_ui.pages.frame import Frame, NamedSpec, draw_page
from kiosk_ui.parts.action import ButtonSpec, Label, draw_buttons
from kiosk_ui.parts.text_block import TextBlock, divided, draw_text_block
from kiosk_ui.scene import TurnPage
from kiosk_ui.theme import Theme


class DividedPage(NamedTuple):
    """Texts of which each begins a page; ``acts`` have the last one to themselves; ``title`` is above all."""

    texts: Sequence[TextBlock]
    back: Button | None
    acts: Sequence[Button] = ()
    title: str = ""


def draw_divided(canvas: Canvas, key: str, page: DividedPage, frame: Frame, turned: int) -> None:
    """Draw the part that is turned to, with the arrow beside the back button."""
    room = draw_page(Canvas(canvas.theme), frame, page.title, page.back, turn_spec(canvas, frame, 0, 2))
    inside = inside_card(canvas.theme, room)
    parts = [part for text in page.texts for part in divided(canvas, text, inside)]
    count = len(parts) + bool(page.acts)
    at = turned % count
    body = draw_page(
        canvas, frame, page.title, page.back, *([turn_spec(canvas, frame, at, count)] if count > 1 else ())
    )
    if at == len(parts):
        draw_buttons(canvas, "act", page.acts, button_cells(canvas.theme, body, len(page.acts)))
        return
    canvas.rectangle(f"{key}.card", body, parts[at].paint)
    draw_text_block(canvas, key, parts[at], inside)


def inside_card(theme: Theme, body: Box) -> Box:
    """Return the area of the text on a card."""
    return body.inset(theme.mm(5), theme.mm(2.5))


def turn_spec(canvas: Canvas, frame: Frame, at: int, count: int) -> NamedSpec:
    """Return the arrow to the next part, and from the last one to the first."""
    onward = TurnPage((at + 1) % count, "more")
    return "next", ButtonSpec(Label("more", frame.more), canvas.theme.palette.action, onward)


def button_cells(theme: Theme, body: Box, count: int) -> list[Box]:
    """Return cells one below the other, on a lying panel two side by side."""
    columns = 1 if theme.panel.is_upright or count == 1 else 2
    return body.grid(columns, -(-count // columns), theme.gap)
