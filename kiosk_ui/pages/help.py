"""The help page: steps that are done, current, ahead."""

from itertools import pairwise

from msgspec.structs import replace

from device.window_protocol.model import Button, HelpPage, HelpState, Step
from kiosk_ui.boxes import Box
from kiosk_ui.canvas import Canvas, TextStyle
from kiosk_ui.pages.divided import inside_card, turn_spec
from kiosk_ui.pages.frame import LOW_PANEL_MM, Frame, draw_page
from kiosk_ui.palettes import Paint, Palette
from kiosk_ui.parts.action import button_spec, draw_action, least_width
from kiosk_ui.parts.text_block import TextBlock, divided, draw_text_block, fits_whole
from kiosk_ui.text.typefaces import width
from kiosk_ui.theme import Role, Theme

BAR_MM = 12.0


def draw_help_page(canvas: Canvas, page: HelpPage, frame: Frame, turned: int) -> None:
    """Draw the headline, and steps beside or below it; with large letters on their own page."""
    is_still = page.done is None and page.cancel is None
    if is_still and frame.more and canvas.theme.has_large_text:
        _draw_divided(canvas, page, frame, turned)
        return
    frame = frame._replace(content=draw_page(canvas, frame, "", page.back))
    if page.cancel:
        _draw_cancel(canvas, frame.foot, page.cancel)
    gap = canvas.theme.gap
    if page.done is not None:
        bar, message = frame.content.foot(canvas.theme.mm(BAR_MM), gap)
        _draw_message(canvas, _block_of(canvas, page), message)
        _draw_bar(canvas, page.done, bar)
    elif not page.steps or not _has_room_for_steps(canvas, page, frame.content):
        _draw_message(canvas, _block_of(canvas, page), frame.content)
    elif canvas.theme.panel.is_upright:
        message, steps = frame.content.top(frame.content.height * 42 // 100, gap)
        _draw_message(canvas, _block_of(canvas, page), message)
        _draw_steps(canvas, page.steps, steps)
    else:
        message, steps = frame.content.left((frame.content.width - gap) // 2, gap)
        _draw_message(canvas, _block_of(canvas, page), message)
        _draw_steps(canvas, page.steps, steps)


def _draw_divided(canvas: Canvas, page: HelpPage, frame: Frame, turned: int) -> None:
    """Draw the newest sentence, then the steps; the arrow stays at the same position."""
    room = draw_page(Canvas(canvas.theme), frame, "", page.back, turn_spec(canvas, frame, 0, 2))
    parts = divided(canvas, _block_of(canvas, page), inside_card(canvas.theme, room))
    steps = _step_pages(canvas.theme, page.steps, _inside_steps(canvas.theme, room))
    count = len(parts) + len(steps)
    at = turned % count
    acts = [turn_spec(canvas, frame, at, count)] if count > 1 else []
    content = draw_page(canvas, frame, "", page.back, *acts)
    if at >= len(parts):
        _draw_steps(canvas, steps[at - len(parts)], content)
    else:
        _draw_message(canvas, parts[at], content)


def _step_pages(theme: Theme, steps: list[Step], box: Box) -> list[list[Step]]:
    """Return all steps, as many a page as are whole with their times."""
    most = len(steps)
    while most > 1 and len(_steps_with_room(theme, steps[:most], box)) < most:
        most -= 1
    return [steps[at : at + most] for at in range(0, len(steps), most)] if steps else []


def _inside_steps(theme: Theme, box: Box) -> Box:
    return box.inset(theme.mm(5), theme.mm(2))


def _has_room_for_steps(canvas: Canvas, page: HelpPage, content: Box) -> bool:
    """Return whether the steps fit; on a low panel the headline has priority."""
    if canvas.theme.panel.is_upright or canvas.theme.panel.height_mm >= LOW_PANEL_MM:
        return True
    half = content.left((content.width - canvas.theme.gap) // 2)[0]
    return fits_whole(canvas, _block_of(canvas, page), inside_card(canvas.theme, half))


def _draw_cancel(canvas: Canvas, foot: Box, button: Button) -> None:
    """Draw cancel large and far from help: a trembling hand must not cancel."""
    spec = button_spec(canvas.theme.palette, button)
    wish = max(foot.width * 6 // 10, least_width(canvas.theme, spec.label, foot.height))
    draw_action(canvas, "cancel", foot.left(min(foot.width, wish))[0], spec)


def _draw_bar(canvas: Canvas, done: float, box: Box) -> None:
    palette = canvas.theme.palette
    canvas.rectangle("bar", box, palette.card)
    inside = box.inset(canvas.theme.mm(1.5))
    full = palette.card._replace(ground=palette.switched.ground, edge=palette.switched.ground)
    if done_px := round(inside.width * done):
        canvas.rectangle("bar.done", inside._replace(width=done_px), full)


def _block_of(canvas: Canvas, page: HelpPage) -> TextBlock:
    return TextBlock(page.headline, page.words, _paint_of(canvas.theme.palette, page.state))


def _draw_message(canvas: Canvas, block: TextBlock, box: Box) -> None:
    canvas.rectangle("message.card", box, block.paint)
    draw_text_block(canvas, "message", block, inside_card(canvas.theme, box))


def _draw_steps(canvas: Canvas, steps: list[Step], box: Box) -> None:
    """Draw a column of step icons joined by a line."""
    canvas.rectangle("steps.card", box, canvas.theme.palette.card)
    inside = _inside_steps(canvas.theme, box)
    with_times = _steps_with_room(canvas.theme, steps, inside)
    plain = _steps_with_room(canvas.theme, [replace(step, time="") for step in steps], inside)
    shown = plain if len(plain) > len(with_times) else with_times
    cells = _step_cells(canvas.theme, inside, len(shown))
    size = _sign_size(canvas.theme, cells[-1])
    for index, (cell, following) in enumerate(pairwise(cells)):
        _draw_line(
            canvas, f"steps.{index}.line", (cell, following), size, is_done=shown[index].state == "done"
        )
    for index, (cell, step) in enumerate(zip(cells, shown, strict=True)):
        _draw_step(canvas, f"steps.{index}", step, cell, size)


def _steps_with_room(theme: Theme, steps: list[Step], box: Box) -> list[Step]:
    """Return all steps, or on a low panel those around the current one that fit completely."""
    present = next((index for index, step in enumerate(steps) if step.state == "now"), len(steps) - 1)
    for count in range(len(steps), 0, -1):
        cell = _step_cells(theme, box, count)[-1]
        first = min(max(0, present - count // 2), len(steps) - count)
        window = steps[first : first + count]
        words = cell.left(_sign_size(theme, cell), theme.mm(4))[1]
        if all(_is_step_whole(theme, step, words) for step in window):
            break
    return window


def _is_step_whole(theme: Theme, step: Step, words: Box) -> bool:
    if step.time:
        words = words.end(_time_width(theme, step), theme.mm(2))[1]
    return theme.fitted(step.words, _role(step), words, lines=3).is_whole


def _time_width(theme: Theme, step: Step) -> int:
    weight, size, _ = theme.type_size("body")
    return int(width(step.time, weight, size)) + 2


def _step_cells(theme: Theme, box: Box, count: int) -> list[Box]:
    return box.grid(1, count, theme.mm(1))


def _sign_size(theme: Theme, cell: Box) -> int:
    return min(theme.mm(13), cell.height, cell.width // 6)


def _draw_line(canvas: Canvas, key: str, cells: tuple[Box, Box], size: int, *, is_done: bool) -> None:
    upper, lower = cells
    palette, thick = canvas.theme.palette, canvas.theme.mm(1.2)
    top = upper.y + (upper.height + size) // 2
    length = lower.y + (lower.height - size) // 2 - top
    if length > 0:
        colour = palette.available if is_done else palette.away
        paint = palette.card._replace(ground=colour, edge=colour)
        canvas.rectangle(key, Box(upper.x + (size - thick) // 2, top, thick, length), paint, radius_px=0)


def _draw_step(canvas: Canvas, key: str, step: Step, cell: Box, size: int) -> None:
    card, palette = canvas.theme.palette.card, canvas.theme.palette
    paint = card
    if step.state == "now":
        paint = palette.chosen
        grown = cell.inset(-canvas.theme.mm(2), 0)
        canvas.rectangle(f"{key}.rectangle", grown, paint, radius_px=canvas.theme.mm(3))
    icon, words = cell.left(size, canvas.theme.mm(4))
    colour = {"done": palette.available, "now": paint.ink, "ahead": palette.away}[step.state]
    canvas.icon(f"{key}.icon", step.state, icon.middle(size, size), colour)
    ink = paint.soft if step.state == "ahead" else paint.ink
    if step.time:
        time, words = words.end(_time_width(canvas.theme, step), canvas.theme.mm(2))
        canvas.words(f"{key}.time", step.time, time, TextStyle("body", ink, "right", lines=1))
    canvas.words(f"{key}.words", step.words, words, TextStyle(_role(step), ink, lines=3))


def _role(step: Step) -> Role:
    return "strong" if step.state == "now" else "body"


def _paint_of(palette: Palette, state: HelpState) -> Paint:
    if state in ("coming", "here"):
        return palette.open
    if state == "received":
        return palette.chosen
    return palette.news if state in ("pressed", "sending") else palette.card
