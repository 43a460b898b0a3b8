"""Softer and louder, and between them how loud it is."""

from device.window_protocol.model import Loudness
from kiosk_ui.boxes import Box
from kiosk_ui.canvas import Canvas
from kiosk_ui.parts.action import button_spec, draw_action, said_whole

STEPS_MM = 32.0
# With large letters: the height of the bars above the buttons.
LARGE_STEPS_MM = 8.0
STEP_GAP_MM = 2.0
# Of the lowest of the bars, which grow from step to step.
LOWEST = 0.3


def draw_loudness(canvas: Canvas, loudness: Loudness, box: Box) -> None:
    """A button that would do nothing is not there; the other keeps its place."""
    theme = canvas.theme
    width, bars = theme.mm(STEPS_MM), box
    if theme.has_large_text:
        bars, box = box.top(theme.mm(LARGE_STEPS_MM), theme.mm(STEP_GAP_MM))
        width = theme.gap
    side = (box.width - width) // 2 - (0 if theme.has_large_text else theme.gap)
    softer, louder = box.left(side)[0], box.end(side)[0]
    for key, button, place in (("softer", loudness.softer, softer), ("louder", loudness.louder, louder)):
        if button:
            draw_action(canvas, key, place, said_whole(theme, button_spec(theme.palette, button), place))
    steps = bars.middle(theme.mm(STEPS_MM), bars.height)
    if not theme.has_large_text:
        steps = steps.inset(0, theme.mm(3))
    _draw_steps(canvas, loudness, steps)


def _draw_steps(canvas: Canvas, loudness: Loudness, box: Box) -> None:
    room = canvas.theme.palette.room
    on = room._replace(ground=room.ink, edge=room.ink)
    off = room._replace(edge=room.soft)
    for at, column in enumerate(box.grid(loudness.most, 1, canvas.theme.mm(STEP_GAP_MM)), 1):
        share = LOWEST + (1 - LOWEST) * at / loudness.most
        bar = column.foot(int(column.height * share))[0]
        paint = on if at <= loudness.step else off
        canvas.rectangle(f"loudness.{at}", bar, paint, radius_px=canvas.theme.mm(1))
