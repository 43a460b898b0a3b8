"""The page that shows all day. Any of its seven parts may be hidden (V1)."""

from collections.abc import Callable

from device.screen.model import Home
from kiosk_ui.boxes import Box, Demand, share
from kiosk_ui.pages.frame import Frame
from kiosk_ui.palettes import Palette
from kiosk_ui.parts.action import Act, button_act, cafe_act, common_scale, draw_action, least_width
from kiosk_ui.parts.agenda import draw_agenda
from kiosk_ui.parts.people import draw_people
from kiosk_ui.parts.timepiece import draw_clock, draw_date, draw_timepiece
from kiosk_ui.pen import Pen, remembered

DrawInto = Callable[[Box], None]


def draw_home(pen: Pen, home: Home, frame: Frame, turned: int) -> None:
    """Time and agenda, people, and the foot with what can be done."""
    actions = _actions(pen.theme.palette, home)
    quiet = not (home.clock or home.date or home.agenda or home.relatives)
    if quiet:
        _draw_large_actions(frame.content, actions, pen)
        return
    content = frame.content if not actions else _draw_foot(pen, frame, actions)
    if pen.theme.panel.is_upright:
        _draw_upright(pen, home, content, turned)
    elif actions or not _has_two_subjects(home):
        _draw_wide(pen, home, content, turned)
    else:
        _draw_columns(pen, home, frame, turned)


def _draw_wide(pen: Pen, home: Home, content: Box, turned: int) -> None:
    """Time at the left, agenda at the right, people below; what is alone takes all."""
    gap = pen.theme.gap
    has_time = bool(home.clock or home.date)
    if has_time and home.relatives:
        head, people = _time_above_people(pen, home, content)
        _draw_head(pen, home, head)
        draw_people(pen, people, home.relatives, turned)
    elif has_time:
        _draw_head(pen, home, content)
    elif home.agenda and home.relatives:
        left, right = content.grid(2, 1, gap)
        draw_agenda(pen, left, home.agenda)
        draw_people(pen, right, home.relatives, turned)
    elif home.agenda:
        draw_agenda(pen, content, home.agenda)
    elif home.relatives:
        draw_people(pen, content, home.relatives, turned)


def _draw_columns(pen: Pen, home: Home, frame: Frame, turned: int) -> None:
    """With nothing beside the help button, the left column reaches down to the foot."""
    left, right = frame.content.grid(2, 1, pen.theme.gap)
    left = left._replace(height=frame.foot.bottom - left.y)
    if home.relatives:
        draw_people(pen, right, home.relatives, turned)
    elif home.agenda:
        draw_agenda(pen, right, home.agenda)
    if not (home.agenda and home.relatives):
        draw_timepiece(pen, left, home.clock, home.date, "left")
    elif not (home.clock or home.date):
        draw_agenda(pen, left, home.agenda)
    else:
        head, rest = left.top(left.height * 45 // 100, pen.theme.mm(4))
        draw_timepiece(pen, head, home.clock, home.date, "left")
        draw_agenda(pen, rest, home.agenda)


def _has_two_subjects(home: Home) -> bool:
    return sum(map(bool, (home.clock or home.date, home.agenda, home.relatives))) > 1


def _time_above_people(pen: Pen, home: Home, content: Box) -> tuple[Box, Box]:
    mm = pen.theme.mm
    head = Demand(mm(35), mm(52), 1.0) if home.agenda else Demand(mm(20), mm(34), 0.4)
    people = Demand(mm(22), mm(33), 0.8) if home.agenda else Demand(mm(24), mm(50), 1.0)
    heights = share(content.height - pen.theme.gap, [head, people._replace(firm=pen.theme.action)])
    upper, lower = content.rows(heights, pen.theme.gap)
    return upper, lower


def _draw_head(pen: Pen, home: Home, box: Box) -> None:
    """Clock over date beside the agenda; without one, clock beside date, or one of them alone."""
    left, right = box.grid(2, 1, pen.theme.gap)
    if home.agenda:
        draw_timepiece(pen, left, home.clock, home.date, "left")
        draw_agenda(pen, right, home.agenda)
    elif home.clock and home.date and home.relatives:
        draw_clock(pen, left, home.clock, "left")
        draw_date(pen, right, home.date, "left")
    else:
        draw_timepiece(pen, box, home.clock, home.date, "middle")


def _draw_upright(pen: Pen, home: Home, content: Box, turned: int) -> None:
    """One above the other."""
    mm = pen.theme.mm
    parts: list[tuple[Demand, DrawInto]] = []
    if home.clock or home.date:
        both = bool(home.clock and home.date)
        alone = not (home.agenda or home.relatives)
        demand = Demand(mm(34 if both else 18), mm(58 if both else 30), 1.0 if alone else 0.15)
        parts.append((demand, lambda box: draw_timepiece(pen, box, home.clock, home.date, "middle")))
    if home.agenda:
        agenda = home.agenda
        parts.append((Demand(mm(34), mm(56), 1.0), lambda box: draw_agenda(pen, box, agenda)))
    if home.relatives:
        relatives = home.relatives
        parts.append(
            (
                Demand(mm(26), mm(60), 1.2, pen.theme.action),
                lambda box: draw_people(pen, box, relatives, turned),
            )
        )
    gap = mm(4)
    heights = share(content.height - gap * (len(parts) - 1), [demand for demand, _ in parts])
    for box, (_, draw) in zip(content.rows(heights, gap), parts, strict=True):
        draw(box)


Action = tuple[str, Act]


def _actions(palette: Palette, home: Home) -> list[Action]:
    """What can be done from here."""
    actions: list[Action] = []
    if home.cafe:
        actions.append(("cafe", cafe_act(palette, home.cafe)))
    if home.mute:
        actions.append(("mute", button_act(palette, home.mute)))
    if home.force_call:
        actions.append(("force-call", button_act(palette, home.force_call)))
    return actions


def _draw_foot(pen: Pen, frame: Frame, actions: list[Action]) -> Box:
    """Actions beside the help button; on an upright panel also above it. Returns the content left."""
    if not pen.theme.panel.is_upright or len(actions) == 1:
        _draw_row(pen, frame.foot, actions)
        return frame.content
    above, rest = frame.content.foot(pen.theme.mm(24), pen.theme.gap)
    _draw_row(pen, above, actions[1:])
    _draw_row(pen, frame.foot, actions[:1])
    return rest


@remembered
def _draw_row(pen: Pen, box: Box, actions: list[Action]) -> None:
    gap = pen.theme.gap
    room = box.width - gap * (len(actions) - 1)
    comfortable = pen.theme.mm(44) if len(actions) < 3 else pen.theme.action
    wishes = [max(comfortable, least_width(pen.theme, act.label, box.height)) for _, act in actions]
    growth = 1.0 if len(actions) == 3 or pen.theme.panel.is_upright else 0.0
    demands = [Demand(pen.theme.action, wish, growth) for wish in wishes]
    _draw_actions(pen, box.columns(share(room, demands), gap), actions)


def _draw_large_actions(content: Box, actions: list[Action], pen: Pen) -> None:
    """With nothing else to show, what can be done fills the page."""
    if not actions:
        return
    count = len(actions)
    cells = (
        content.grid(1, count, pen.theme.gap)
        if pen.theme.panel.is_upright
        else content.grid(count, 1, pen.theme.gap)
    )
    _draw_actions(pen, [cell.middle(pen.theme.mm(110), pen.theme.mm(80)) for cell in cells], actions)


def _draw_actions(pen: Pen, places: list[Box], actions: list[Action]) -> None:
    scale = common_scale(pen, [(act.label, place) for place, (_, act) in zip(places, actions, strict=True)])
    for place, (key, act) in zip(places, actions, strict=True):
        draw_action(pen, key, place, act, scale)
