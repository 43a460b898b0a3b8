"""A reminder: the appointment as large as it can be whole, and its answers below."""

from device.window_protocol.model import ReminderPage
from kiosk_ui.pages.frame import Frame, draw_page
from kiosk_ui.parts.action import button_act, draw_action, said_whole
from kiosk_ui.parts.saying import Saying, draw_saying
from kiosk_ui.pen import Pen

ANSWERS_MM = 46.0


def draw_reminder(pen: Pen, page: ReminderPage, frame: Frame) -> None:
    """Help stays at its place; the answers are the only other things to touch."""
    theme = pen.theme
    content = draw_page(pen, frame, page.title, None)
    answers, body = content.foot(min(content.height * 42 // 100, theme.mm(ANSWERS_MM)), theme.gap)
    cells = answers.grid(len(page.buttons), 1, theme.gap)
    for index, (cell, button) in enumerate(zip(cells, page.buttons, strict=True)):
        act = button_act(theme.palette, button)
        draw_action(pen, f"reminder.answer.{index}", cell, said_whole(theme, act, cell))
    draw_saying(
        pen, "reminder", Saying(page.headline, "\n".join(page.lines), theme.palette.room, "middle"), body
    )
