"""The people who can be called: faces, names, and whether they can be reached."""

from collections.abc import Iterator
from typing import NamedTuple

from device.window_protocol.model import Face, Relatives
from kiosk_ui.boxes import Box
from kiosk_ui.parts.action import Act, Label, draw_action
from kiosk_ui.parts.face import FaceSetting, draw_face, set_alike
from kiosk_ui.pen import Hand, Pen, remembered
from kiosk_ui.scene import TurnPage

MOST_FACES = 6
MOST_FACES_PAGED = 4
MOST_FACES_SIMPLE = 2
UPRIGHT_LEAST_MM = (34.0, 42.0)
LYING_LEAST_MM = (56.0, 20.0)
ARROW_WIDTH_MM = 27.0
ARROW_HEIGHT_MM = 21.0


class _Grid(NamedTuple):
    """How faces stand, in cells row by row."""

    cells: tuple[Box, ...]
    setting: FaceSetting
    is_roomy: bool = True


class _Plan(NamedTuple):
    """One way to use the room; the one with the greatest merit is taken."""

    grid: _Grid
    title: Box | None
    arrows: tuple[Box, ...]
    merit: tuple[int, bool, int]


@remembered
def draw_people(pen: Pen, box: Box, relatives: Relatives, turned: int) -> None:
    """All faces if they fit; else page ``turned`` of them, and arrows."""
    if not relatives.faces:
        pen.plate("people.card", box, pen.theme.palette.card)
        inside = box.inset(pen.theme.padding)
        title, rest = inside.top(
            pen.theme.fitted(relatives.title, "title", inside).height_px, pen.theme.mm(2)
        )
        pen.words(
            "people.title", relatives.title, title, Hand("title", pen.theme.palette.card.ink, rise="top")
        )
        pen.words("people.words", relatives.words, rest, Hand("body", pen.theme.palette.card.ink, rise="top"))
        return
    plan = max(_plans(pen, box, relatives), key=lambda plan: plan.merit)
    if plan.title:
        pen.words(
            "people.title", relatives.title, plan.title, Hand("title", pen.theme.palette.room.ink, lines=1)
        )
    if plan.arrows:
        _draw_paged(pen, plan, relatives, turned)
    else:
        _draw_faces(pen, plan, relatives.faces, 0)


def _plans(pen: Pen, box: Box, relatives: Relatives) -> Iterator[_Plan]:
    """With and without title; all faces at once if they fit, else pages with arrows below or beside."""
    line = pen.theme.fitted(relatives.title, "title", box, lines=1)
    head, below = box.top(line.height_px, pen.theme.mm(2))
    most = MOST_FACES_SIMPLE if pen.theme.is_simple else MOST_FACES
    for room, title in ((below, head), (box, None)) if relatives.title else ((box, None),):
        whole = _best_grid(pen, room, relatives.faces) if len(relatives.faces) <= most else None
        if whole:
            plan = _plan(whole, relatives.faces, title, ())
            yield plan
            if plan.merit[0] == 8 * len(relatives.faces) + 8:
                # All of them with whole words: nothing that could follow would be taken.
                return
    for room, title in ((below, head), (box, None)) if relatives.title else ((box, None),):
        for rest, arrows in _splits_for_arrows(pen, room):
            yield _plan(_fullest_grid(pen, rest, relatives.faces), relatives.faces, title, arrows)


def _plan(grid: _Grid, faces: list[Face], title: Box | None, arrows: tuple[Box, ...]) -> _Plan:
    shown = min(len(grid.cells), len(faces))
    cut = len(faces[:MOST_FACES]) - grid.setting.whole
    worth = 8 * shown - 9 * cut * shown // len(faces[:MOST_FACES]) + (0 if arrows else 8)
    if not grid.is_roomy:
        worth = min(grid.cells[0].height, grid.cells[0].width) - 10_000
    return _Plan(grid, title, arrows, (worth, title is not None and grid.is_roomy, grid.setting.portrait_px))


def page_count(faces: int, faces_a_page: int) -> int:
    """Pages that many faces need."""
    return max(1, -(-faces // max(1, faces_a_page)))


def _draw_paged(pen: Pen, plan: _Plan, relatives: Relatives, turned: int) -> None:
    grid, arrows = plan.grid, plan.arrows
    size = len(grid.cells)
    last = page_count(len(relatives.faces), size) - 1
    page = min(max(turned, 0), last)
    _draw_faces(pen, plan, relatives.faces[page * size : (page + 1) * size], page * size)
    paint = pen.theme.palette.action
    if page < last:
        onward = Act(Label("more", relatives.more, "", "caption"), paint, TurnPage(page + 1, "more"))
        draw_action(pen, "people.more", arrows[-1], onward)
    if page > 0 and (len(arrows) > 1 or page == last):
        to = page - 1 if len(arrows) > 1 else 0
        back = Act(Label("fewer", relatives.fewer, "", "caption"), paint, TurnPage(to, "fewer"))
        draw_action(pen, "people.fewer", arrows[0], back)


def _splits_for_arrows(pen: Pen, box: Box) -> Iterator[tuple[Box, tuple[Box, ...]]]:
    """Arrows below the faces, or beside them.

    Where there is room for one arrow only, it leads on, and from the last page back to the first.
    """
    gap = pen.theme.gap
    if box.height >= pen.theme.mm(LYING_LEAST_MM[1] + ARROW_HEIGHT_MM) + gap:
        arrows, room = box.foot(pen.theme.mm(ARROW_HEIGHT_MM), gap)
        yield room, tuple(arrows.grid(2, 1, gap))
    arrows, room = box.end(pen.theme.mm(ARROW_WIDTH_MM), gap)
    yield room, tuple(arrows.grid(1, 2 if arrows.height >= 2 * pen.theme.action + gap else 1, gap))


def _grids(pen: Pen, box: Box, counts: range, faces: list[Face]) -> list[_Grid]:
    """Every grid of so many cells that are large enough."""
    found, most = [], counts[-1]
    for upright, (least_width, least_height) in ((True, UPRIGHT_LEAST_MM), (False, LYING_LEAST_MM)):
        for columns in range(1, most + 1):
            for rows in range(-(-counts[0] // columns), most // columns + 1):
                cell = box.smallest_cell(columns, rows, pen.theme.gap)
                if cell.width >= pen.theme.mm(least_width) and cell.height >= pen.theme.mm(least_height):
                    setting = set_alike(pen.theme, cell, tuple(faces[:MOST_FACES]), upright=upright)
                    found.append(_Grid(tuple(box.grid(columns, rows, pen.theme.gap)), setting))
    return found


def _best_grid(pen: Pen, box: Box, faces: list[Face]) -> _Grid | None:
    """The grid that holds all faces with whole names and the largest portraits."""
    grids = _grids(pen, box, range(len(faces), len(faces) + 2), faces)
    return max(grids, key=_merit, default=None)


def _fullest_grid(pen: Pen, box: Box, faces: list[Face]) -> _Grid:
    """The grid for one page of many: as many faces as the profile wants, then the largest portraits."""
    most = min(len(faces), MOST_FACES_SIMPLE if pen.theme.is_simple else MOST_FACES_PAGED)
    grids = _grids(pen, box, range(1, most + 1), faces)
    if not grids:
        setting = set_alike(pen.theme, box, tuple(faces[:1]), upright=box.height > box.width)
        return _Grid((box,), setting, is_roomy=False)
    return max(grids, key=lambda grid: (4 * len(grid.cells) + 3 * grid.setting.whole, _merit(grid)))


def _merit(grid: _Grid) -> tuple[int, float, int]:
    setting = grid.setting
    return setting.whole, setting.scale, setting.portrait_px


def _draw_faces(pen: Pen, plan: _Plan, faces: list[Face], first: int) -> None:
    for index, (cell, face) in enumerate(zip(plan.grid.cells, faces, strict=False)):
        draw_face(pen, f"face.{first + index}", cell, face, plan.grid.setting)
