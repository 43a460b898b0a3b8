"""Softer and louder, and between them how loud it is."""

from device.window_protocol.model import Loudness
from kiosk_ui.boxes import Box
from kiosk_ui.canvas import Canvas
from kiosk_ui.parts.action import button_spec, draw_action, said_whole

STEPS_MM = 32.0
STEP_GAP_MM = 2.0
# Of the lowest of the bars, which grow from step to step.
LOWEST = 0.3


def draw_loudness(canvas: Canvas, loudness: Loudness, box: Box) -> None:
    """A button that would do nothing is not there; the other keeps its place."""
    theme = canvas.theme
    side = (box.width - theme.mm(STEPS_MM)) // 2 - theme.gap
    softer, louder = box.left(side)[0], box.end(side)[0]
    for key, button, place in (("softer", loudness.softer, softer), ("louder", loudness.louder, louder)):
        if button:
            draw_action(canvas, key, place, said_whole(theme, button_spec(theme.palette, button), place))
    steps = box.middle(theme.mm(STEPS_MM), box.height).inset(0, theme.mm(3))
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
