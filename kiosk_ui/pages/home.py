"""The page that shows all day. Any of its parts may be hidden (V1)."""

from collections.abc import Callable

from device.window_protocol.model import Agenda, Home
from kiosk_ui.boxes import Box, Demand, share
from kiosk_ui.pages.frame import LOW_PANEL_MM, Frame, help_width
from kiosk_ui.palettes import Palette
from kiosk_ui.parts.action import (
    Act,
    button_act,
    cafe_act,
    common_scale,
    draw_action,
    least_width,
    said_whole,
)
from kiosk_ui.parts.agenda import draw_agenda
from kiosk_ui.parts.people import draw_people
from kiosk_ui.parts.timepiece import draw_clock, draw_date, draw_timepiece
from kiosk_ui.pen import Pen, remembered
from kiosk_ui.theme import Theme

ABOVE_MM = 24.0
NEWS_MM = 22.0
LEAST_AGENDA_MM = 20.0
LEAST_LINE_MM = 12.5
# A second row of news must leave each of clock, agenda and people that much of an upright panel.
LEAST_PART_MM = 34.0

DrawInto = Callable[[Box], None]
Action = tuple[str, Act]


def draw_home(pen: Pen, home: Home, frame: Frame, turned: int) -> None:
    """Time and agenda, people, and the foot with what can be done."""
    actions, news = _actions(pen.theme.palette, home), _news(pen.theme.palette, home)
    quiet = not (home.clock or home.date or home.agenda or home.relatives)
    if quiet:
        _draw_large_actions(pen, frame, news + actions)
        return
    while news and _fit_in_foot(pen, frame, [*actions, news[-1]]):
        actions.append(news.pop())
    content = frame.content if not actions else _draw_foot(pen, frame, actions)
    if pen.theme.panel.is_upright:
        _draw_upright(pen, home, _draw_news_above(pen, home, content, news), turned)
    elif actions or news or not _has_two_subjects(home):
        _draw_wide(pen, home, content, turned, news)
    else:
        _draw_columns(pen, home, frame, turned)


def _draw_wide(pen: Pen, home: Home, content: Box, turned: int, news: list[Action]) -> None:
    """Time at the left, agenda and news at the right, people below; what is alone takes all."""
    has_time = bool(home.clock or home.date)
    is_low = pen.theme.panel.height_mm < LOW_PANEL_MM
    if is_low and (has_time or not (home.agenda and home.relatives)):
        content, news = _draw_news_beside(pen, content, news), []
    elif not (has_time or home.agenda):
        content, news = _draw_news_above(pen, home, content, news), []
    if has_time and home.relatives:
        head, people = _time_above_people(pen, home, content, news)
        _draw_head(pen, home, head, news)
        draw_people(pen, people, home.relatives, turned)
    elif has_time:
        _draw_head(pen, home, content, news)
    elif home.agenda and home.relatives:
        left, right = content.grid(2, 1, pen.theme.gap)
        _draw_agenda_over_news(pen, left, home.agenda, news)
        draw_people(pen, right, home.relatives, turned)
    elif home.agenda:
        _draw_agenda_over_news(pen, content, home.agenda, news)
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


def _time_above_people(pen: Pen, home: Home, content: Box, news: list[Action]) -> tuple[Box, Box]:
    mm = pen.theme.mm
    head = Demand(mm(35), mm(52), 1.0) if home.agenda or news else Demand(mm(20), mm(34), 0.4)
    if news:
        least = _stack_height(pen, news[:1]) + (pen.theme.action if home.agenda else 0)
        wish = _stack_height(pen, news) + (mm(26) if home.agenda else 0)
        head = head._replace(least=max(head.least, least), wish=max(head.wish, wish))
    people = Demand(mm(22), mm(33), 0.8) if home.agenda else Demand(mm(24), mm(50), 1.0)
    heights = share(content.height - pen.theme.gap, [head, people._replace(firm=pen.theme.action)])
    upper, lower = content.rows(heights, pen.theme.gap)
    return upper, lower


def _draw_head(pen: Pen, home: Home, box: Box, news: list[Action]) -> None:
    """Clock over date beside agenda and news; without these clock beside date, or one of them alone."""
    left, right = box.grid(2, 1, pen.theme.gap)
    if home.agenda or news:
        draw_timepiece(pen, left, home.clock, home.date, "left")
        _draw_agenda_over_news(pen, right, home.agenda, news)
    elif home.clock and home.date and home.relatives:
        draw_clock(pen, left, home.clock, "left")
        draw_date(pen, right, home.date, "left")
    else:
        draw_timepiece(pen, box, home.clock, home.date, "middle")


def _draw_agenda_over_news(pen: Pen, box: Box, agenda: Agenda | None, news: list[Action]) -> None:
    """Where there is no room for all the news, the first goes before the others."""
    room = box.height - (pen.theme.mm(LEAST_AGENDA_MM) if agenda else 0)
    while len(news) > 1 and _stack_height(pen, news) > room:
        _leave_out(pen, news.pop())
    if news and not agenda:
        height = min(box.height, _stack_height(pen, news) + pen.theme.mm(12))
        box = box.middle(box.width, height)
    for key, act in reversed(news):
        whole = box if not agenda and key == news[0][0] else None
        place, box = box.foot(_news_height(pen.theme), pen.theme.gap)
        place = whole or place
        draw_action(pen, key, place, said_whole(pen.theme, act, place))
    if agenda:
        draw_agenda(pen, box, agenda)


def _stack_height(pen: Pen, news: list[Action]) -> int:
    """Of actions one below the other, with the gap to what is above."""
    return len(news) * (_news_height(pen.theme) + pen.theme.gap)


def _news_height(theme: Theme) -> int:
    is_small = min(theme.panel.width_mm, theme.panel.height_mm) < LOW_PANEL_MM
    return theme.action if is_small else max(theme.action, theme.mm(NEWS_MM))


def _leave_out(pen: Pen, action: Action) -> None:
    key, act = action
    pen.leave_out(key, act.label.words)


def _draw_upright(pen: Pen, home: Home, content: Box, turned: int) -> None:
    """One above the other."""
    mm = pen.theme.mm
    parts: list[tuple[Demand, DrawInto]] = []
    if home.clock or home.date:
        both = bool(home.clock and home.date)
        alone = not (home.agenda or home.relatives)
        growth = 1.0 if alone else 0.15
        demand = Demand(mm(34 if both else 18), mm(58 if both else 30), growth, mm(LEAST_LINE_MM))
        parts.append((demand, lambda box: draw_timepiece(pen, box, home.clock, home.date, "middle")))
    if home.agenda:
        agenda = home.agenda
        demand = Demand(mm(34), mm(56), 1.0, mm(LEAST_LINE_MM))
        parts.append((demand, lambda box: draw_agenda(pen, box, agenda)))
    if home.relatives:
        relatives = home.relatives
        parts.append(
            (
                Demand(mm(26), mm(60), 1.2, pen.theme.action),
                lambda box: draw_people(pen, box, relatives, turned),
            )
        )
    gap = mm(4)
    room, demands = content.height - gap * (len(parts) - 1), [demand for demand, _ in parts]
    if sum(demand.firm for demand in demands) > room:
        demands = [*(demand._replace(firm=0) for demand in demands[:-1]), demands[-1]]
    for box, (_, draw) in zip(content.rows(share(room, demands), gap), parts, strict=True):
        draw(box)


def _actions(palette: Palette, home: Home) -> list[Action]:
    """What can be done from here."""
    actions: list[Action] = []
    if home.cafe:
        actions.append(("cafe", cafe_act(palette, home.cafe)))
    if home.queue:
        actions.append(("queue", button_act(palette, home.queue)))
    if home.mute:
        actions.append(("mute", button_act(palette, home.mute)))
    if home.urgent_call:
        actions.append(("urgent-call", button_act(palette, home.urgent_call)))
    return actions


def _news(palette: Palette, home: Home) -> list[Action]:
    """What is there at times only: calls that were missed, and who has looked in."""
    news: list[Action] = []
    if home.missed:
        news.append(("missed", button_act(palette, home.missed)._replace(paint=palette.news)))
    if home.visits:
        news.append(("visits", button_act(palette, home.visits)._replace(paint=palette.watched)))
    return news


def _fit_in_foot(pen: Pen, frame: Frame, actions: list[Action]) -> bool:
    """Side by side beside help, with whole words; on an upright panel also in the row above it."""
    theme = pen.theme
    if not theme.panel.is_upright:
        return _fit_in_row(theme, frame.foot, actions)
    return _fit_in_row(theme, frame.foot, actions[:1]) and _fit_in_row(
        theme, frame.content._replace(height=theme.mm(ABOVE_MM)), actions[1:]
    )


def _fit_in_row(theme: Theme, row: Box, actions: list[Action]) -> bool:
    widths = [max(theme.action, least_width(theme, act.label, row.height)) for _, act in actions]
    return sum(widths) + theme.gap * (len(widths) - 1) <= row.width


def _draw_news_above(pen: Pen, home: Home, content: Box, news: list[Action]) -> Box:
    """A row over everything else, or two. Returns the content left."""
    if not news:
        return content
    row, rest = content.top(_news_height(pen.theme), pen.theme.gap)
    if _fit_in_row(pen.theme, row, news):
        _draw_row(pen, row, news)
        return rest
    _draw_row(pen, row, news[:1])
    parts = sum(map(bool, (home.clock or home.date, home.agenda, home.relatives)))
    if rest.height - row.height - pen.theme.gap >= parts * pen.theme.mm(LEAST_PART_MM):
        return _draw_news_above(pen, home, rest, news[1:])
    for each in news[1:]:
        _leave_out(pen, each)
    return rest


def _draw_news_beside(pen: Pen, content: Box, news: list[Action]) -> Box:
    """On a low panel a column at the end, for the first of them. Returns the content left."""
    if not news:
        return content
    for each in news[1:]:
        _leave_out(pen, each)
    key, act = news[0]
    place, rest = content.end(max(help_width(pen.theme), content.width * 32 // 100), pen.theme.gap)
    draw_action(pen, key, place, said_whole(pen.theme, act, place))
    return rest


def _draw_foot(pen: Pen, frame: Frame, actions: list[Action]) -> Box:
    """Actions beside the help button; on an upright panel also above it. Returns the content left."""
    if not pen.theme.panel.is_upright or len(actions) == 1:
        _draw_row(pen, frame.foot, actions)
        return frame.content
    above, rest = frame.content.foot(pen.theme.mm(ABOVE_MM), pen.theme.gap)
    _draw_row(pen, above, actions[1:])
    _draw_row(pen, frame.foot, actions[:1])
    return rest


@remembered
def _draw_row(pen: Pen, box: Box, actions: list[Action]) -> None:
    gap = pen.theme.gap
    room = box.width - gap * (len(actions) - 1)
    comfortable = pen.theme.mm(44) if len(actions) < 3 else pen.theme.action
    whole = [max(pen.theme.action, least_width(pen.theme, act.label, box.height)) for _, act in actions]
    growth = 1.0 if len(actions) > 2 or pen.theme.panel.is_upright else 0.0
    least = whole if sum(whole) <= room else [pen.theme.action] * len(whole)
    demands = [Demand(one, max(comfortable, wish), growth) for one, wish in zip(least, whole, strict=True)]
    _draw_actions(pen, box.columns(share(room, demands), gap), actions)


def _draw_large_actions(pen: Pen, frame: Frame, actions: list[Action]) -> None:
    """With nothing else to show, what can be done fills the page."""
    if not actions:
        return
    theme, content = pen.theme, frame.content
    lines = -(-len(actions) // 3)
    along = -(-len(actions) // lines)
    if lines > 1 and theme.panel.height_mm < LOW_PANEL_MM:
        # Two rows are higher than the content of a low panel: they take the foot as well.
        content = content.joined(frame.foot)._replace(width=frame.foot.width)
    columns, rows = (lines, along) if theme.panel.is_upright else (along, lines)
    cells = content.grid(columns, rows, theme.gap)[: len(actions)]
    places = [cell.middle(theme.mm(110), theme.mm(80)) for cell in cells]
    _draw_actions(pen, places, actions)


def _draw_actions(pen: Pen, places: list[Box], actions: list[Action]) -> None:
    said = [said_whole(pen.theme, act, place) for (_, act), place in zip(actions, places, strict=True)]
    scale = common_scale(pen, [(act.label, place) for act, place in zip(said, places, strict=True)])
    for (key, _), act, place in zip(actions, said, places, strict=True):
        draw_action(pen, key, place, act, scale)
