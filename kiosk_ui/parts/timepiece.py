"""Clock and date, readable from the bed."""

from typing import Literal

from device.window_protocol.model import Clock, DayWords
from kiosk_ui.boxes import Box, SizeHint, share
from kiosk_ui.canvas import FIGURE_HEIGHT, Canvas, TextStyle, memoised
from kiosk_ui.text.fitting import Fitted, line_height
from kiosk_ui.text.raster import Align
from kiosk_ui.text.typefaces import width
from kiosk_ui.theme import Role

LARGEST_FIGURES_MM = 70.0
LEAST_FIGURES_MM = 7.0
LIGHT_APART_MM, LEAST_LIGHT_MM, LARGEST_LIGHT_MM = 3.0, 8.0, 20.0


def clock_height(canvas: Canvas, clock: Clock, box: Box) -> int:
    """Return the height of digits at the box's width."""
    if not clock.time:
        return min(box.height, canvas.theme.fitted(clock.words, "headline", box).height_px)
    return int(_largest_figures(clock.time, box) * FIGURE_HEIGHT)


def draw_clock(
    canvas: Canvas, box: Box, clock: Clock, align: Align, light: Literal["sun", "moon"] | None = None
) -> None:
    """Draw large digits, with sun or moon; text where the time is unknown (K4)."""
    ink = canvas.theme.palette.room.ink
    if not clock.time:
        canvas.words("clock.words", clock.words, box, TextStyle("headline", ink, align=align))
        return
    figures, words = box.foot(canvas.theme.mm(10))[::-1] if clock.words else (box, None)
    size = min(
        _largest_figures(clock.time, figures), int(canvas.theme.mm(LARGEST_FIGURES_MM) / FIGURE_HEIGHT)
    )
    widths = [int(_figure_width(figure, size)) for figure in clock.time]
    tight = figures.middle(figures.width, int(size * FIGURE_HEIGHT))
    spare = tight.width - sum(widths)
    across = {"left": 0, "middle": spare // 2, "right": spare}
    # Separate pieces: what a new minute does not change is not redrawn.
    for index, cell in enumerate(tight._replace(x=tight.x + across[align]).columns(widths, 0)):
        setting = Fitted((clock.time[index],), "bold", size)
        canvas.figures(f"clock.time.{index}", setting, cell.middle(setting.width_px, cell.height), ink)
    room = spare - across[align] - canvas.theme.mm(LIGHT_APART_MM)
    if light and room >= canvas.theme.mm(LEAST_LIGHT_MM):
        side = min(room, tight.height, canvas.theme.mm(LARGEST_LIGHT_MM))
        canvas.icon("clock.light", light, Box(tight.right - room, tight.y, side, side), ink)
    if words:
        canvas.words("clock.words", clock.words, words, TextStyle("caption", ink, align=align))


def draw_date(canvas: Canvas, box: Box, date: DayWords, align: Align) -> None:
    """Draw the weekday with part of the day, and the date below it."""
    palette = canvas.theme.palette.room
    scale = min(2.0, max(1.0, box.height / canvas.theme.mm(24)))
    least = _least_height(canvas, date.date, "body", box.width)
    if box.height < least + line_height(canvas.theme.type_size("title").least_px):
        canvas.words("date.day", date.day, box, TextStyle("title", palette.ink, align, lines=1))
        canvas.omit("date.date", date.date)
        return
    day = _in_few_lines(canvas, date.day, "title", box._replace(height=max(1, box.height - least)), scale)
    below = _in_few_lines(
        canvas, date.date, "body", box._replace(height=max(1, box.height - day.height_px)), scale
    )
    block = box.middle(box.width, day.height_px + below.height_px)
    upper, lower = block.top(day.height_px)
    canvas.lettering("date.day", date.day, day, upper, TextStyle("title", palette.ink, align, "middle"))
    canvas.lettering("date.date", date.date, below, lower, TextStyle("body", palette.soft, align, "middle"))


def date_height(canvas: Canvas, date: DayWords, box_width: int) -> int:
    """Return the height of two or three lines of the minimum size."""
    day = _least_height(canvas, date.day, "title", box_width)
    return day + _least_height(canvas, date.date, "body", box_width) + 2


def _least_height(canvas: Canvas, text: str, role: Role, box_width: int) -> int:
    """Return the height of as few lines of the minimum size as possible."""
    return _in_few_lines(canvas, text, role, Box(0, 0, box_width, canvas.theme.mm(60)), 0.5).height_px


@memoised
def draw_timepiece(
    canvas: Canvas, box: Box, clock: Clock | None, date: DayWords | None, align: Align
) -> None:
    """Draw the clock above the date in one box."""
    if clock is None or date is None or not (clock.time and date.day):
        if clock:
            draw_clock(canvas, box, clock, align)
        elif date:
            draw_date(canvas, box, date, align)
        return
    gap = canvas.theme.mm(2)
    figures = max(canvas.theme.mm(LEAST_FIGURES_MM), clock_height(canvas, clock, box))
    least = date_height(canvas, date, box.width)
    room = box.height - gap
    if room < canvas.theme.mm(LEAST_FIGURES_MM) + least:
        draw_clock(canvas, box, clock, align)
        canvas.omit("date", f"{date.day} {date.date}")
        return
    heights = share(
        room, [SizeHint(canvas.theme.mm(LEAST_FIGURES_MM), figures), SizeHint(least, least * 3 // 2)]
    )
    block = box.middle(box.width, sum(heights) + gap)
    upper, lower = block.rows(heights, gap)
    draw_clock(canvas, upper, clock, align, date.light)
    draw_date(canvas, lower, date, align)


def _in_few_lines(canvas: Canvas, text: str, role: Role, box: Box, scale: float) -> Fitted:
    """Return smaller text rather than more lines."""
    one_line = canvas.theme.fitted(text, role, box, lines=1, scale=scale)
    return canvas.theme.fitted(text, role, box, scale=scale) if not one_line.is_whole else one_line


def _figure_width(figure: str, size_px: int) -> float:
    """Return the width of digits, which is the same for all."""
    alike = "0123456789" if figure.isdigit() else figure
    return max(width(each, "bold", size_px) for each in alike)


def _largest_figures(time: str, box: Box) -> int:
    per_px = sum(_figure_width(figure, 200) for figure in time) / 200
    return max(1, int(min(box.height / FIGURE_HEIGHT, (box.width - 4) / per_px)))
