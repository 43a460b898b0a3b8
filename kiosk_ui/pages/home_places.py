"""Layout of the home page, by the panel and the view's elements, not by their content.

Visible elements are complete and at fixed positions. The space of news is reserved. Where not everything fits
in a readable size, the page is divided: time and news, people, actions.
"""

from typing import NamedTuple

from kiosk_ui.boxes import Box, SizeHint, share
from kiosk_ui.pages.frame import BACK_MM, LOW_PANEL_MM, Frame
from kiosk_ui.theme import LARGE_TEXT, Theme

NEWS_MM = 20.0
PEOPLE_MM = 30.5
ROW_MM = 34.0
MOST_CELL_MM = 110.0, 80.0
CAFE_PART = 1.15
MOST_ACTIONS = 3

Places = dict[str, Box]


class Shown(NamedTuple):
    """The view's elements, constant over time. ``people`` counts faces, and "all people"."""

    time: bool
    today: bool
    people: int
    actions: tuple[str, ...]
    has_all: bool = False

    @property
    def groups(self) -> list["Shown"]:
        """Return the non-empty groups of the three."""
        nothing = Shown(time=False, today=False, people=0, actions=())
        found = [
            nothing._replace(time=self.time, today=self.today),
            nothing._replace(people=self.people, has_all=self.has_all),
            nothing._replace(actions=self.actions),
        ]
        return [group for group in found if group != nothing]


def is_divided(theme: Theme, shown: Shown) -> bool:
    """Return whether each group has its own page: on small panels, with large letters or many buttons."""
    is_full = theme.text_scale >= LARGE_TEXT or len(shown.actions) > MOST_ACTIONS
    is_small = min(theme.panel.width_mm, theme.panel.height_mm) < LOW_PANEL_MM
    return (is_small or is_full) and len(shown.groups) > 1


def group_places(theme: Theme, frame: Frame, group: Shown) -> Places:
    """Return the layout of one group, with the arrow at the left end of the foot."""
    content, upright = frame.content, theme.panel.is_upright
    places: Places = {"next": frame.foot.left(min(theme.mm(BACK_MM), frame.foot.width))[0]}
    if group.actions:
        count = len(group.actions)
        cells = content.grid(*((1, count) if upright else (count, 1)), theme.gap)
        most = [cell.middle(theme.mm(MOST_CELL_MM[0]), theme.mm(MOST_CELL_MM[1])) for cell in cells]
        return places | dict(zip(group.actions, most, strict=True))
    if group.people:
        columns, rows = (1, group.people) if upright else (group.people, 1)
        return places | _people(content.grid(columns, rows, theme.gap), group)
    return places | (_upright(theme, content, group) if upright else _upper(theme, content, group))


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
    places: Places = {}
    if buttons:
        places[buttons[0]] = frame.foot
    if buttons[1:]:
        row, content = content.foot(theme.mm(ROW_MM), theme.gap)
        places |= dict(zip(buttons[1:], row.grid(len(buttons) - 1, 1, theme.gap), strict=True))
    return places | _upright(theme, content, shown)


def _upright(theme: Theme, content: Box, shown: Shown) -> Places:
    mm = theme.mm
    faces = shown.people - shown.has_all
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
    names = [f"person.{index}" for index in range(shown.people)]
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
