"""What every page shares: margins, strips, and the help button, always at the same place."""

from typing import NamedTuple

from device.window_protocol.model import Button, Screen
from kiosk_ui.boxes import Box, Demand, share
from kiosk_ui.palettes import Paint
from kiosk_ui.parts.action import button_act, draw_action, help_act, least_width
from kiosk_ui.pen import Hand, Pen, Sign
from kiosk_ui.theme import HELP_MM, MARGIN_MM, Theme

LOW_PANEL_MM = 110.0
APART_MM = 11.0


class Frame(NamedTuple):
    """What is left of the panel: the page's own place, and the foot beside the help button."""

    content: Box
    foot: Box


def draw_frame(pen: Pen, screen: Screen) -> Frame:
    """Strips above, help below."""
    theme = pen.theme
    whole = Box(0, 0, theme.panel.width_px, theme.panel.height_px).inset(theme.mm(MARGIN_MM))
    bar, content = whole.foot(bar_height(theme), theme.gap)
    help_box, foot = bar.end(help_width(theme), theme.gap)
    if screen.help:
        draw_action(pen, "help", help_box, help_act(theme.palette, screen.help))
    else:
        foot = bar
    return Frame(draw_strips(pen, content, screen), foot)


def bar_height(theme: Theme) -> int:
    """The same on every page of one panel."""
    shorter_mm = min(theme.panel.width_mm, theme.panel.height_mm)
    return theme.mm(min(40.0, max(HELP_MM, shorter_mm * 0.235))) + 1


def help_width(theme: Theme) -> int:
    """The same on every page of one panel."""
    share = 0.46 if theme.panel.is_upright else 0.25
    return theme.mm(min(80.0, max(HELP_MM + 8, theme.panel.width_mm * share)))


def draw_strips(pen: Pen, content: Box, screen: Screen) -> Box:
    """A lost link, and someone who looks in: side by side where the panel is wide."""
    palette = pen.theme.palette
    strips: list[tuple[str, str, Sign, Paint]] = []
    if screen.watched:
        strips.append(("watched", screen.watched, "eye", palette.watched))
    if screen.notice:
        strips.append(("notice", screen.notice, "no-link", palette.news))
    if not strips:
        return content
    if pen.theme.panel.is_upright:
        for strip in strips:
            content = _draw_strip_above(pen, content, [strip])
        return content
    return _draw_strip_above(pen, content, strips)


def draw_back(pen: Pen, foot: Box, button: Button) -> Box:
    """The way home, at the left end of the foot. Returns what is left of that."""
    act = button_act(pen.theme.palette, button)
    wish = least_width(pen.theme, act.label, foot.height) + pen.theme.mm(12)
    place, rest = foot.left(max(pen.theme.mm(50), wish), pen.theme.gap)
    draw_action(pen, "back", place, act)
    return rest


def _draw_strip_above(pen: Pen, content: Box, strips: list[tuple[str, str, Sign, Paint]]) -> Box:
    gap = pen.theme.mm(3)
    demands = [Demand(0, 0, pen.measure(text, "caption") + pen.theme.mm(24)) for _, text, _, _ in strips]
    widths = share(content.width - gap * (len(strips) - 1), demands)
    columns = content.columns(widths, gap)
    side = pen.theme.mm(12)
    rooms = [
        column._replace(width=column.width - side - pen.theme.mm(4), height=pen.theme.mm(26))
        for column in columns
    ]
    most_lines = 2 if pen.theme.panel.height_mm > LOW_PANEL_MM else 1
    lines = [
        pen.theme.fitted(text, "caption", room, lines=most_lines)
        for room, (_, text, _, _) in zip(rooms, strips, strict=True)
    ]
    height = max(line.height_px for line in lines) + pen.theme.mm(3)
    head, rest = content.top(height, pen.theme.mm(4))
    for column, line, (key, text, sign, paint) in zip(head.columns(widths, gap), lines, strips, strict=True):
        pen.plate(f"{key}.strip", column, paint)
        icon, words = column.left(side)
        pen.icon(f"{key}.icon", sign, icon.middle(pen.theme.mm(8), pen.theme.mm(8)), paint.ink)
        pen.lettering(f"{key}.words", text, line, words, Hand("caption", paint.ink, "left", "middle"))
    return rest
