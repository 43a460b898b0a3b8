"""Scroll arrows of a list, at fixed positions, one page at a time."""

from kiosk_ui.boxes import Box
from kiosk_ui.canvas import Canvas
from kiosk_ui.parts.action import ButtonSpec, Label, draw_action, said_whole
from kiosk_ui.scene import TurnPage


def draw_arrows(canvas: Canvas, named: tuple[str, str, str], at: tuple[int, int], places: list[Box]) -> None:
    """Draw the arrows. ``named``: the key of the list and both labels. ``at``: current and last page.

    With one place the arrow cycles through the pages.
    """
    key, fewer, more = named
    page, last = at
    paint = canvas.theme.palette.action
    if page > 0 and (len(places) > 1 or page == last):
        to = page - 1 if len(places) > 1 else 0
        spec = ButtonSpec(Label("fewer", fewer), paint, TurnPage(to, "fewer"))
        draw_action(canvas, f"{key}.fewer", places[0], said_whole(canvas.theme, spec, places[0]))
    if page < last:
        spec = ButtonSpec(Label("more", more), paint, TurnPage(page + 1, "more"))
        draw_action(canvas, f"{key}.more", places[-1], said_whole(canvas.theme, spec, places[-1]))
