"""Layout of the home page, by the panel and the view's elements, not by their content.

Visible elements are complete and at fixed positions. The space of news is reserved. Where not everything fits
in a readable size, the page is divided: time and news, people, actions.
"""

from typing import NamedTuple

from kiosk_ui.boxes import Box, SizeHint, share
from kiosk_ui.pages.frame import BACK_MM, LOW_PANEL_MM, Frame
from kiosk_ui.theme import Theme

NEWS_MM = 20.0
# With large letters: two lines of words and one of a time; upright a third line.
LARGE_NEWS_MM, LARGE_NEWS_UPRIGHT_MM = 34.0, 44.0
PEOPLE_MM = 30.5
ROW_MM = 34.0
MOST_CELL_MM = 110.0, 80.0
CAFE_PART = 1.15
MOST_IN_WIDE_ROW = 2
# Of the strip on the pages behind the first, where no news is.
STRIP_MM, STRIP_UPRIGHT_MM = 12.0, 18.0
MOST_ACTIONS = 3
MOST_LARGE_ACTIONS, MOST_LARGE_ACTIONS_UPRIGHT = 2, 4
LARGE_ALL_MM = 30.0
MOST_LARGE_FACES, MOST_LARGE_FACES_UPRIGHT = 2, 3

Places = dict[str, Box]


class Shown(NamedTuple):
    """The view's elements, constant over time. ``people`` counts faces from ``first``, and "all people"."""

    time: bool
    today: bool
    people: int
    actions: tuple[str, ...]
    has_all: bool = False
    first: int = 0

    @property
    def faces(self) -> int:
        """Return the number of faces alone."""
        return self.people - self.has_all


NOTHING = Shown(time=False, today=False, people=0, actions=())


def groups_of(theme: Theme, shown: Shown) -> list[Shown]:
    """Return the groups that have a page each: time and agenda, people, actions; more with large letters."""
    if theme.has_large_text:
        found = [NOTHING._replace(time=shown.time), NOTHING._replace(today=shown.today)]
        found += _large_people(theme, shown)
        most = MOST_LARGE_ACTIONS_UPRIGHT if theme.panel.is_upright else MOST_LARGE_ACTIONS
        firsts = range(0, len(shown.actions), most)
        found += [NOTHING._replace(actions=shown.actions[first : first + most]) for first in firsts]
    else:
        found = [
            NOTHING._replace(time=shown.time, today=shown.today),
            NOTHING._replace(people=shown.people, has_all=shown.has_all),
            NOTHING._replace(actions=shown.actions),
        ]
    return [group for group in found if group != NOTHING]


def _large_people(theme: Theme, shown: Shown) -> list[Shown]:
    """Return as many faces a page as their names leave room for; "all people" is with the last of them."""
    most = MOST_LARGE_FACES_UPRIGHT if theme.panel.is_upright else MOST_LARGE_FACES
    firsts = range(0, shown.faces, most)
    groups = [NOTHING._replace(people=min(most, shown.faces - first), first=first) for first in firsts]
    if shown.has_all:
        groups[-1] = groups[-1]._replace(people=groups[-1].people + 1, has_all=True)
    return groups


def is_divided(theme: Theme, shown: Shown) -> bool:
    """Return whether each group has its own page: on small panels, with large letters or many buttons."""
    is_full = theme.has_large_text or len(shown.actions) > MOST_ACTIONS
    is_small = min(theme.panel.width_mm, theme.panel.height_mm) < LOW_PANEL_MM
    return (is_small or is_full) and len(groups_of(theme, shown)) > 1


def group_places(theme: Theme, frame: Frame, group: Shown, *, is_first: bool) -> Places:
    """Return the layout of one group; the arrow is at the left end of the foot, news on the first page."""
    onward, foot = frame.foot.left(min(theme.mm(BACK_MM), frame.foot.width), theme.gap)
    places: Places = {"next": onward}
    upright, content = theme.panel.is_upright, frame.content
    if not is_first:
        height_mm = STRIP_UPRIGHT_MM if upright else STRIP_MM
        places["strips"], content = content.top(theme.mm(height_mm * theme.text_scale), theme.gap)
    elif theme.has_large_text:
        height = theme.mm(LARGE_NEWS_UPRIGHT_MM if upright else LARGE_NEWS_MM)
        places["news"], content = content.foot(height, theme.gap)
    if theme.has_large_text:
        return places | _large_group(theme, content, foot, group)
    return places | _group(theme, content, group)


def _large_group(theme: Theme, content: Box, foot: Box, group: Shown) -> Places:
    upright = theme.panel.is_upright
    if group.actions:
        columns = 1 if upright or len(group.actions) == 1 else 2
        cells = content.grid(columns, -(-len(group.actions) // columns), theme.gap)
        return dict(zip(group.actions, cells, strict=False))
    if group.people:
        places: Places = {}
        if group.has_all and upright:
            places["all"], content = content.foot(theme.mm(LARGE_ALL_MM), theme.gap)
        elif group.has_all:
            places["all"] = foot
        columns, rows = (1, group.faces) if upright else (group.faces, 1)
        alone = group._replace(people=group.faces, has_all=False)
        return places | _people(content.grid(columns, rows, theme.gap), alone)
    return {"time" if group.time else "today": content}


def _group(theme: Theme, content: Box, group: Shown) -> Places:
    upright = theme.panel.is_upright
    if group.actions:
        count = len(group.actions)
        cells = content.grid(*((1, count) if upright else (count, 1)), theme.gap)
        most = [cell.middle(theme.mm(MOST_CELL_MM[0]), theme.mm(MOST_CELL_MM[1])) for cell in cells]
        return dict(zip(group.actions, most, strict=True))
    if group.people:
        columns, rows = (1, group.people) if upright else (group.people, 1)
        return _people(content.grid(columns, rows, theme.gap), group)
    return _upright(theme, content, group) if upright else _upper(theme, content, group)


def all_places(theme: Theme, frame: Frame, shown: Shown) -> Places:
    """Return the layout of everything on one page."""
    if not (shown.time or shown.today or shown.people):
        return _actions_alone(theme, frame, shown)
    if theme.panel.is_upright:
        return _all_upright(theme, frame, shown)
    places: Places = {}
    if shown.actions:
        # The café has more text than the others.
        room = frame.foot.width - theme.gap * (len(shown.actions) - 1)
        demands = [SizeHint(1, 1, CAFE_PART if name == "cafe" else 1.0) for name in shown.actions]
        cells = frame.foot.columns(share(room, demands), theme.gap)
        most = theme.mm(MOST_CELL_MM[0])
        places |= {
            name: cell.left(min(most, cell.width))[0] for name, cell in zip(shown.actions, cells, strict=True)
        }
    content = frame.content
    if not shown.people:
        return places | _upper(theme, content, shown)
    if not (shown.time or shown.today):
        news, people = content.top(max(theme.action, theme.mm(NEWS_MM)), theme.gap)
        return places | {"news": news} | _people(people.grid(shown.people, 1, theme.gap), shown)
    height = max(theme.mm(PEOPLE_MM), content.height * 33 // 100)
    people, upper = content.foot(height, theme.gap)
    return places | _upper(theme, upper, shown) | _people(people.grid(shown.people, 1, theme.gap), shown)


def _upper(theme: Theme, box: Box, shown: Shown) -> Places:
    """Place the clock at the left; the agenda at the right, with news below it."""
    height = max(theme.action, theme.mm(NEWS_MM))
    if shown.time and shown.today:
        left, right = box.grid(2, 1, theme.gap)
        news, today = right.foot(height, theme.gap)
        return {"time": left, "today": today, "news": news}
    news, rest = box.foot(height, theme.gap)
    return {"time" if shown.time else "today": rest, "news": news}


def _all_upright(theme: Theme, frame: Frame, shown: Shown) -> Places:
    """Place groups one above the other; what does not fit beside help is in a row above it."""
    content = frame.content
    buttons = shown.actions[:1] + (("all",) if shown.has_all else ()) + shown.actions[1:]
    if len(buttons) == MOST_IN_WIDE_ROW and buttons[0] == "cafe":
        # The row has room for its words and the picture of an event.
        buttons = buttons[::-1]
    places: Places = {}
    if buttons:
        places[buttons[0]] = frame.foot
    if buttons[1:]:
        row, content = content.foot(theme.mm(ROW_MM), theme.gap)
        places |= dict(zip(buttons[1:], row.grid(len(buttons) - 1, 1, theme.gap), strict=True))
    return places | _upright(theme, content, shown)


def _upright(theme: Theme, content: Box, shown: Shown) -> Places:
    mm = theme.mm
    faces = shown.faces
    rows = {
        "time": SizeHint(mm(34), mm(46), 1.0) if shown.time else None,
        "today": SizeHint(mm(25), mm(34), 0.6) if shown.today else None,
        "news": SizeHint(max(theme.action, mm(NEWS_MM)), mm(NEWS_MM)),
        "people": SizeHint(mm(PEOPLE_MM), mm(60), 1.2) if faces else None,
    }
    there = {name: demand for name, demand in rows.items() if demand}
    heights = share(content.height - theme.gap * (len(there) - 1), list(there.values()))
    places = dict(zip(there, content.rows(heights, theme.gap), strict=True))
    if faces:
        cells = places.pop("people").grid(faces, 1, theme.gap)
        places |= {f"person.{index}": cell for index, cell in enumerate(cells)}
    return places


def _people(cells: list[Box], shown: Shown) -> Places:
    """Return the places of faces, the last one for all people."""
    names = [f"person.{index}" for index in range(shown.first, shown.first + shown.people)]
    if shown.has_all:
        names[-1] = "all"
    return dict(zip(names, cells, strict=True))


def _actions_alone(theme: Theme, frame: Frame, shown: Shown) -> Places:
    """Fill the page with actions where the view shows nothing else."""
    news, content = frame.content.top(max(theme.action, theme.mm(NEWS_MM)), theme.gap)
    count = max(1, len(shown.actions))
    cells = content.grid(*((1, count) if theme.panel.is_upright else (count, 1)), theme.gap)
    middle = [cell.middle(theme.mm(MOST_CELL_MM[0]), theme.mm(MOST_CELL_MM[1])) for cell in cells]
    return {"news": news} | dict(zip(shown.actions, middle, strict=False))
