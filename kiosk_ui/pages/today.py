"""The agenda of a week, four appointments a page, with buttons for earlier, later and tomorrow."""

from typing import Literal, NamedTuple

from device.window_protocol.intents import Arrow
from device.window_protocol.model import AgendaDay, AgendaEntry, TodayPage
from kiosk_ui.boxes import Box
from kiosk_ui.canvas import Canvas, TextStyle
from kiosk_ui.pages.divided import button_cells
from kiosk_ui.pages.frame import (
    LOW_PANEL_MM,
    Frame,
    column_of_arrows,
    draw_page,
    foot_places,
    list_arrows,
)
from kiosk_ui.parts.action import ButtonSpec, Label, button_spec, draw_action, said_whole
from kiosk_ui.scene import TurnPage
from kiosk_ui.text.fitting import line_height
from kiosk_ui.theme import Theme

ROW_MM = 13.0
MOST_ROWS = 4


class _Part(NamedTuple):
    """The content of one page: appointments of one day."""

    day: int
    entries: list[AgendaEntry]


def draw_today_page(canvas: Canvas, page: TodayPage, frame: Frame, turned: int) -> None:
    """Draw the page; ``turned`` counts from the current or next appointment, also backwards.

    With large letters the buttons have the last page to themselves.
    """
    theme = canvas.theme
    rows = _large_rows(canvas, page, frame) if theme.has_large_text else _rows(canvas, page, frame)
    parts = [part for index, day in enumerate(page.days) for part in _parts(index, day, rows)]
    first = _first(parts)
    last = len(parts) - 1 + theme.has_large_text
    at = min(max(0, first + turned), last)
    part = parts[min(at, len(parts) - 1)]
    is_tomorrow = part.day == 1
    jump = first if is_tomorrow else next((i for i, part in enumerate(parts) if part.day == 1), first)
    words = page.today if is_tomorrow else page.tomorrow
    arrow: Arrow = "today" if is_tomorrow else "tomorrow"
    spec = ButtonSpec(Label("calendar", words), theme.palette.action, TurnPage(jump - first, arrow))
    title = page.days[part.day].title
    acts = [("jump", spec)]
    if page.messages:
        acts.append(("messages", button_spec(theme.palette, page.messages)))
    is_beside = not (_is_low(theme) or theme.has_large_text)
    body = draw_page(canvas, frame, title, page.back, *(acts if is_beside else ()))
    body, arrows = _arrows(theme, frame, body)
    if at < len(parts):
        _draw_rows(canvas, page.days[part.day], part, rows, body)
    else:
        for (key, act), cell in zip(acts, button_cells(theme, body, len(acts)), strict=True):
            draw_action(canvas, key, cell, said_whole(theme, act, cell))
    _draw_steps(canvas, page, (at, last, first), arrows)


def _arrows(theme: Theme, frame: Frame, body: Box) -> tuple[Box, list[Box]]:
    """Return the content area and both arrows: with large letters where their words have room."""
    if not theme.has_large_text:
        return list_arrows(theme, frame, body)
    if theme.panel.is_upright:
        return foot_places(theme, frame._replace(content=body), 2)
    return column_of_arrows(theme, body)


def _is_low(theme: Theme) -> bool:
    return theme.panel.height_mm < LOW_PANEL_MM


def _draw_steps(canvas: Canvas, page: TodayPage, at: tuple[int, int, int], places: list[Box]) -> None:
    """Draw the scroll buttons; with one place a single one that cycles."""
    here, last, first = at
    later = 0 if len(places) == 1 and here == last else here + 1
    steps: list[tuple[str, Literal["more", "fewer"], str, int]] = []
    if here > 0 and len(places) > 1:
        steps.append(("earlier", "fewer", page.fewer, here - 1))
    if later <= last:
        steps.append(("later", "more", page.more, later))
    for key, arrow, words, to in steps:
        place = places[0] if arrow == "fewer" else places[-1]
        spec = ButtonSpec(Label(arrow, words), canvas.theme.palette.action, TurnPage(to - first, arrow))
        draw_action(canvas, f"today.{key}", place, said_whole(canvas.theme, spec, place))


def _rows(canvas: Canvas, page: TodayPage, frame: Frame) -> int:
    """Return how many appointments fit below the highest of the titles."""
    theme, heights = canvas.theme, list[int]()
    for day in page.days:
        body = draw_page(Canvas(theme), frame, day.title, page.back)
        body, _ = foot_places(theme, frame._replace(content=body), 1)
        heights.append(list_arrows(theme, frame, body)[0].height)
    lines = 3 if theme.panel.is_upright else 1
    least = max(theme.mm(ROW_MM), lines * theme.type_size("body").line_px)
    return max(1, min(MOST_ROWS, (min(heights) - 2 * theme.mm(1)) // least))


def _large_rows(canvas: Canvas, page: TodayPage, frame: Frame) -> int:
    """Return how many appointments fit in large letters: the time, and the title in two lines below it."""
    theme, trial = canvas.theme, Canvas(canvas.theme)
    bodies = [draw_page(trial, frame, day.title, page.back) for day in page.days]
    height = min(_arrows(theme, frame, body)[0].height for body in bodies)
    lines = 4 if theme.panel.is_upright else 3
    return max(1, min(MOST_ROWS, height // (lines * line_height(theme.type_size("body").least_px))))


def _parts(index: int, day: AgendaDay, rows: int) -> list[_Part]:
    starts = range(0, max(1, len(day.entries)), rows)
    return [_Part(index, day.entries[start : start + rows]) for start in starts]


def _first(parts: list[_Part]) -> int:
    """Return the page of the current or next appointment, else the last of today."""
    today = [index for index, part in enumerate(parts) if part.day == 0]
    ahead = (i for i in today if any(entry.state != "past" for entry in parts[i].entries))
    return next(ahead, today[-1])


def _draw_rows(canvas: Canvas, day: AgendaDay, part: _Part, rows: int, body: Box) -> None:
    card, theme = canvas.theme.palette.card, canvas.theme
    canvas.rectangle("today.card", body, card)
    inside = body.inset(theme.mm(4), theme.mm(1))
    if not part.entries:
        canvas.words("today.words", day.words, inside, TextStyle("title", card.ink))
        return
    cells = inside.grid(1, rows, 0)
    for index, (entry, cell) in enumerate(zip(part.entries, cells, strict=False)):
        _draw_row(canvas, f"today.{index}", entry, cell)


def _draw_row(canvas: Canvas, key: str, entry: AgendaEntry, cell: Box) -> None:
    """Draw time, title and place; the current one has another background and a label."""
    theme, paint = canvas.theme, canvas.theme.palette.card
    if entry.state in ("now", "next"):
        paint = theme.palette.chosen._replace(edge=theme.palette.chosen.ground)
        canvas.rectangle(f"{key}.rectangle", cell.inset(-theme.mm(2), 0), paint, radius_px=theme.mm(2.5))
    ink = paint.soft if entry.state == "past" else paint.ink
    words = f"{entry.title}, {entry.place}" if entry.place else entry.title
    if theme.has_large_text:
        height = line_height(theme.type_size("strong").least_px)
        head, rest = cell.top(height)
        time, state = head.left(canvas.measure(entry.time, "strong", 0.5), theme.mm(3))
        canvas.words(f"{key}.time", entry.time, time, TextStyle("strong", ink, lines=1))
        canvas.words(f"{key}.state", entry.state_words, state, TextStyle("caption", ink, "right", lines=1))
        canvas.words(f"{key}.title", words, rest, TextStyle("body", ink, rise="top"))
        return
    state_width = canvas.measure(entry.state_words, "caption") if entry.state_words else 0
    is_high = cell.height >= theme.type_size("strong").line_px + theme.type_size("caption").line_px
    beside = state_width if is_high else 0
    time, rest = cell.left(max(theme.mm(24), canvas.measure(entry.time, "strong"), beside), theme.mm(3))
    if entry.state_words and is_high:
        state, time = time.foot(time.height * 4 // 10)
        canvas.words(f"{key}.state", entry.state_words, state, TextStyle("caption", ink, rise="top", lines=1))
    elif entry.state_words:
        state, rest = rest.end(state_width, theme.mm(3))
        canvas.words(f"{key}.state", entry.state_words, state, TextStyle("caption", ink, "right", lines=1))
    canvas.words(f"{key}.time", entry.time, time, TextStyle("strong", ink, lines=2))
    canvas.words(f"{key}.title", words, rest, TextStyle("body", ink, lines=3))
