"""Layout that all pages share: margins, strips, and the help button at a fixed position."""

from collections.abc import Sequence
from typing import NamedTuple

from device.window_protocol.model import Button, Home, Screen
from kiosk_ui.boxes import Box, SizeHint, share
from kiosk_ui.canvas import Canvas, Sign, TextStyle
from kiosk_ui.palettes import Paint, Palette
from kiosk_ui.parts.action import ButtonSpec, button_spec, draw_action, help_spec, said_whole
from kiosk_ui.theme import HELP_MM, MARGIN_MM, Theme

LOW_PANEL_MM = 110.0
APART_MM = 11.0
BACK_MM = 48.0
LEAST_BUTTON_MM = 44.0
ROW_MM = 24.0
ARROWS_MM = 20.0
COLUMN_OF_ARROWS_MM = 42.0
LARGE_HEAD = 0.83


Strip = tuple[str, str, Sign, Paint]
NOTICE_STRIP = "notice.strip"
WATCHED_STRIP = "watched"


class Frame(NamedTuple):
    """The remaining panel: the page's content, the foot beside the help button, and the clock.

    ``strips`` are those that the page draws itself, in a reserved area. ``more`` is the arrow of a divided
    page.
    """

    content: Box
    foot: Box
    clock: str = ""
    more: str = ""
    strips: Sequence[Strip] = ()


NamedSpec = tuple[str, ButtonSpec]


def draw_frame(canvas: Canvas, screen: Screen) -> Frame:
    """Draw strips above and help below."""
    theme = canvas.theme
    whole = Box(0, 0, theme.panel.width_px, theme.panel.height_px).inset(theme.mm(MARGIN_MM))
    bar, content = whole.foot(bar_height(theme), theme.gap)
    help_box, foot = bar.end(help_width(theme), theme.gap)
    if screen.help:
        draw_action(
            canvas, "help", help_box, said_whole(theme, help_spec(theme.palette, screen.help), help_box)
        )
    else:
        foot = bar
    strips = strips_of(theme.palette, screen)
    if isinstance(screen.page, Home):
        return Frame(content, foot, screen.clock, screen.more, strips)
    return Frame(draw_strips(canvas, content, strips), foot, screen.clock, screen.more)


def bar_height(theme: Theme) -> int:
    """Return the bar's height, the same on every page of one panel."""
    shorter_mm = min(theme.panel.width_mm, theme.panel.height_mm)
    return theme.mm(min(40.0, max(HELP_MM, shorter_mm * 0.22))) + 1


def help_width(theme: Theme) -> int:
    """Return the help button's width, the same on every page of one panel."""
    share = 0.46 if theme.panel.is_upright else 0.25
    return theme.mm(min(80.0, max(HELP_MM + 8, theme.panel.width_mm * share)))


def strips_of(palette: Palette, screen: Screen) -> list[Strip]:
    """Return the strips: remote view, and lost link."""
    strips: list[Strip] = []
    if screen.watched:
        strips.append((WATCHED_STRIP, screen.watched, "eye", palette.watched))
    if screen.notice:
        strips.append(("notice", screen.notice, "no-link", palette.news))
    if screen.alarm:
        strips.append(("alarm", screen.alarm, "help", palette.news))
    return strips


def draw_strips(canvas: Canvas, content: Box, strips: Sequence[Strip]) -> Box:
    """Draw the strips, side by side on a wide panel. Return the remaining area."""
    if not strips:
        return content
    if canvas.theme.panel.is_upright:
        for strip in strips:
            content = _draw_strip_above(canvas, content, [strip])
        return content
    return _draw_strip_above(canvas, content, strips)


def draw_strips_in(canvas: Canvas, place: Box, strips: Sequence[Strip]) -> None:
    """Draw the strips in their reserved area, so that nothing else moves."""
    side = canvas.theme.mm(12)
    for (key, text, sign, paint), box in zip(
        strips, place.grid(1, len(strips), canvas.theme.mm(1)), strict=True
    ):
        canvas.rectangle(f"{key}.strip", box, paint)
        icon, words = box.inset(canvas.theme.mm(1), 0).left(side)
        size = min(canvas.theme.mm(8), box.height)
        canvas.icon(f"{key}.icon", sign, icon.middle(size, size), paint.ink)
        canvas.words(f"{key}.words", text, words, TextStyle("caption", paint.ink, lines=3, scale=0.5))


def draw_behind_head(canvas: Canvas, row: Box, frame: Frame, *, has_clock: bool) -> None:
    """Draw the head of a home page behind the first: the clock, where the view has it, and strips."""
    theme = canvas.theme
    if has_clock and frame.clock:
        scale = LARGE_HEAD if theme.has_large_text else 1.0
        clock, row = row.end(canvas.measure(frame.clock, "title", scale), theme.mm(4))
        ink = theme.palette.room.ink
        canvas.words("head.clock", frame.clock, clock, TextStyle("title", ink, "right", lines=1, scale=scale))
    if frame.strips:
        draw_strips_in(canvas, row, frame.strips)


def draw_page(
    canvas: Canvas, frame: Frame, title: str, back: Button | None, *acts: NamedSpec, room_for: int = 0
) -> Box:
    """Draw title and clock above, the back button and at most two others below.

    At the same positions on every page; with ``room_for`` the last one stays where it is when another comes
    before it. Returns the content area.
    """
    body, places = foot_places(canvas.theme, frame, max(len(acts), room_for))
    places = places[len(places) - len(acts) :]
    is_foot_free = not places or places[0].y < frame.foot.y
    body = draw_head(canvas, frame._replace(content=body), title, is_foot_free=is_foot_free)
    if back:
        place = back_place(canvas.theme, frame.foot)
        draw_action(
            canvas, "back", place, said_whole(canvas.theme, button_spec(canvas.theme.palette, back), place)
        )
    for (key, spec), place in zip(acts, places, strict=True):
        draw_action(canvas, key, place, said_whole(canvas.theme, spec, place))
    return body


def draw_head(canvas: Canvas, frame: Frame, title: str, *, is_foot_free: bool = False) -> Box:
    """Draw title and clock. Return the content area.

    On a small panel a page without a title has its clock in the foot, if there is room.
    """
    theme = canvas.theme
    # Large letters leave the page little room: its title and its clock take no more than they must.
    scale = LARGE_HEAD if theme.has_large_text else 1.0
    clock_width, ink = canvas.measure(frame.clock, "title", scale), theme.palette.room.ink
    if not title and min(theme.panel.width_mm, theme.panel.height_mm) < LOW_PANEL_MM:
        place = frame.foot.left(theme.mm(BACK_MM), theme.gap)[1]
        if is_foot_free and place.width >= clock_width:
            canvas.words("head.clock", frame.clock, place, TextStyle("title", ink, "middle", lines=1))
        return frame.content
    room = frame.content.end(clock_width, theme.mm(4))[1] if frame.clock else frame.content
    most_lines = 3 if theme.has_large_text else 2 if theme.panel.height_mm > LOW_PANEL_MM else 1
    setting = theme.fitted(title, "title", room, lines=most_lines, scale=scale)
    if theme.has_large_text and not setting.is_whole:
        return _draw_high_head(canvas, frame, title, scale)
    head, body = frame.content.top(setting.height_px, theme.mm(3))
    if frame.clock:
        time, head = head.end(clock_width, theme.mm(4))
        canvas.words("head.clock", frame.clock, time, TextStyle("title", ink, "right", lines=1, scale=scale))
    canvas.lettering("head.title", title, setting, head, TextStyle("title", ink))
    return body


def _draw_high_head(canvas: Canvas, frame: Frame, title: str, scale: float) -> Box:
    """Draw the clock above a title that would be too small beside it."""
    theme, ink = canvas.theme, canvas.theme.palette.room.ink
    clock = theme.fitted(frame.clock, "title", frame.content, lines=1, scale=scale)
    above, rest = frame.content.top(clock.height_px)
    canvas.lettering("head.clock", frame.clock, clock, above, TextStyle("title", ink, "right"))
    setting = theme.fitted(title, "title", rest, lines=3, scale=scale)
    head, body = rest.top(setting.height_px, theme.mm(3))
    canvas.lettering("head.title", title, setting, head, TextStyle("title", ink))
    return body


def back_place(theme: Theme, foot: Box) -> Box:
    """Return the back button's position, the same on every page."""
    return foot.left(min(theme.mm(BACK_MM), foot.width))[0]


def foot_places(theme: Theme, frame: Frame, count: int) -> tuple[Box, list[Box]]:
    """Return the content area and the buttons' positions: beside the back button, else in a row above."""
    if not count:
        return frame.content, []
    beside = frame.foot.left(theme.mm(BACK_MM), theme.gap)[1]
    if beside.width >= count * (theme.mm(LEAST_BUTTON_MM) + theme.gap) - theme.gap:
        return frame.content, beside.grid(count, 1, theme.gap)
    row, body = frame.content.foot(max(theme.action, theme.mm(ROW_MM)), theme.gap)
    return body, row.grid(count, 1, theme.gap)


def list_arrows(theme: Theme, frame: Frame, body: Box) -> tuple[Box, list[Box]]:
    """Return the content area and two scroll arrows; on a low panel one in the foot, which cycles."""
    if theme.panel.height_mm < LOW_PANEL_MM:
        return body, [frame.foot.left(theme.mm(BACK_MM), theme.gap)[1]]
    arrows, body = body.foot(max(theme.action, theme.mm(ARROWS_MM)), theme.gap)
    return body, arrows.grid(2, 1, theme.gap)


def column_of_arrows(theme: Theme, body: Box) -> tuple[Box, list[Box]]:
    """Return the content area, and the places of two arrows one above the other, the onward one below."""
    column, rest = body.end(theme.mm(COLUMN_OF_ARROWS_MM * theme.text_scale), theme.gap)
    return rest, column.grid(1, 2, theme.gap)


def _draw_strip_above(canvas: Canvas, content: Box, strips: Sequence[Strip]) -> Box:
    gap = canvas.theme.mm(3)
    demands = [
        SizeHint(0, 0, canvas.measure(text, "caption") + canvas.theme.mm(24)) for _, text, _, _ in strips
    ]
    widths = share(content.width - gap * (len(strips) - 1), demands)
    columns = content.columns(widths, gap)
    side = canvas.theme.mm(12)
    rooms = [
        column._replace(
            width=column.width - side - canvas.theme.mm(4),
            height=canvas.theme.mm(26 * canvas.theme.text_scale),
        )
        for column in columns
    ]
    most_lines = 3 if canvas.theme.has_large_text else 2 if canvas.theme.panel.height_mm > LOW_PANEL_MM else 1
    lines = [
        canvas.theme.fitted(
            text, "caption", room, lines=most_lines, scale=0.5 if canvas.theme.has_large_text else 1.0
        )
        for room, (_, text, _, _) in zip(rooms, strips, strict=True)
    ]
    height = max(line.height_px for line in lines) + canvas.theme.mm(3)
    head, rest = content.top(height, canvas.theme.mm(4))
    for column, line, (key, text, sign, paint) in zip(head.columns(widths, gap), lines, strips, strict=True):
        canvas.rectangle(f"{key}.strip", column, paint)
        icon, words = column.left(side)
        canvas.icon(f"{key}.icon", sign, icon.middle(canvas.theme.mm(8), canvas.theme.mm(8)), paint.ink)
        canvas.lettering(f"{key}.words", text, line, words, TextStyle("caption", paint.ink, "left", "middle"))
    return rest
