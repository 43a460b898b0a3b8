"""The people who can be called: faces, names, and whether they can be reached."""

from collections.abc import Iterator
from typing import NamedTuple

from device.screen.model import Face, Relatives
from kiosk_ui.boxes import Box
from kiosk_ui.parts.action import Label, draw_action
from kiosk_ui.pen import Pen
from kiosk_ui.scene import TurnPage
from kiosk_ui.text.fitting import Fitted
from kiosk_ui.text.raster import Align

MOST_FACES = 6
MOST_FACES_PAGED = 4
MOST_FACES_SIMPLE = 2
UPRIGHT_LEAST_MM = (34.0, 42.0)
LYING_LEAST_MM = (58.0, 21.0)
ARROW_WIDTH_MM = 27.0
ARROW_HEIGHT_MM = 21.0


class _Grid(NamedTuple):
    """How faces stand: in how many columns and rows, upright (photo above) or lying (photo beside)."""

    columns: int
    rows: int
    upright: bool
    cells: tuple[Box, ...]
    is_roomy: bool = True


class _FaceParts(NamedTuple):
    portrait: Box
    name: Fitted
    name_box: Box
    presence: Fitted
    presence_box: Box


class _Plan(NamedTuple):
    """One way to use the room; the one with the greatest merit is taken."""

    grid: _Grid
    title: Box | None
    arrows: tuple[Box, ...]
    merit: tuple[int, bool, int]


def draw_people(pen: Pen, box: Box, relatives: Relatives, turned: int) -> None:
    """All faces if they fit; else page ``turned`` of them, and arrows."""
    if not relatives.faces:
        pen.plate("people.card", box, pen.theme.palette.card, raised=True)
        inside = box.inset(pen.theme.padding)
        title, rest = inside.top(pen.fitted(relatives.title, "title", inside).height_px, pen.theme.mm(2))
        pen.words("people.title", relatives.title, "title", title, pen.theme.palette.card.ink, rise="top")
        pen.words("people.words", relatives.words, "body", rest, pen.theme.palette.card.ink, rise="top")
        return
    plan = max(_plans(pen, box, relatives), key=lambda plan: plan.merit)
    if plan.title:
        pen.words("people.title", relatives.title, "title", plan.title, pen.theme.palette.room.ink, lines=1)
    if plan.arrows:
        _draw_paged(pen, plan, relatives, turned)
    else:
        _draw_faces(pen, plan.grid, relatives.faces, 0)


def _plans(pen: Pen, box: Box, relatives: Relatives) -> Iterator[_Plan]:
    """With and without title; all faces at once if they fit, else pages with arrows below or beside."""
    line = pen.fitted(relatives.title, "title", box, lines=1)
    head, below = box.top(line.height_px, pen.theme.mm(2))
    most = MOST_FACES_SIMPLE if pen.theme.is_simple else MOST_FACES
    for room, title in ((below, head), (box, None)) if relatives.title else ((box, None),):
        whole = _best_grid(pen, room, relatives.faces) if len(relatives.faces) <= most else None
        if whole:
            yield _plan(pen, whole, relatives.faces, title, ())
    for room, title in ((below, head), (box, None)) if relatives.title else ((box, None),):
        for rest, arrows in _splits_for_arrows(pen, room):
            yield _plan(pen, _fullest_grid(pen, rest, relatives.faces), relatives.faces, title, arrows)


def _plan(pen: Pen, grid: _Grid, faces: list[Face], title: Box | None, arrows: tuple[Box, ...]) -> _Plan:
    cut, size = _merit(pen, grid, faces)
    shown = min(len(grid.cells), len(faces))
    worth = 4 * shown + 3 * cut + (0 if arrows else 4) - (0 if grid.is_roomy else 100)
    return _Plan(grid, title, arrows, (worth, title is not None and grid.is_roomy, size))


def page_count(faces: int, faces_a_page: int) -> int:
    """Pages that many faces need."""
    return max(1, -(-faces // max(1, faces_a_page)))


def _draw_paged(pen: Pen, plan: _Plan, relatives: Relatives, turned: int) -> None:
    grid, arrows = plan.grid, plan.arrows
    size = len(grid.cells)
    last = page_count(len(relatives.faces), size) - 1
    page = min(max(turned, 0), last)
    _draw_faces(pen, grid, relatives.faces[page * size : (page + 1) * size], page * size)
    paint = pen.theme.palette.action
    if page < last:
        draw_action(pen, "people.more", arrows[-1], paint, Label("more", relatives.more, "", "caption"), TurnPage(page + 1))
    if page > 0 and (len(arrows) > 1 or page == last):
        to = page - 1 if len(arrows) > 1 else 0
        draw_action(pen, "people.fewer", arrows[0], paint, Label("fewer", relatives.fewer, "", "caption"), TurnPage(to))


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


def _grids(pen: Pen, box: Box, most: int) -> list[_Grid]:
    """Every grid whose cells are large enough."""
    found = []
    for upright, (least_width, least_height) in ((True, UPRIGHT_LEAST_MM), (False, LYING_LEAST_MM)):
        for columns in range(1, most + 1):
            for rows in range(1, most // columns + 1):
                cells = tuple(box.grid(columns, rows, pen.theme.gap))
                smallest = cells[-1]
                if smallest.width >= pen.theme.mm(least_width) and smallest.height >= pen.theme.mm(least_height):
                    found.append(_Grid(columns, rows, upright, cells))
    return found


def _best_grid(pen: Pen, box: Box, faces: list[Face]) -> _Grid | None:
    """The grid that holds all faces with whole names and the largest portraits."""
    fitting = [
        grid for grid in _grids(pen, box, MOST_FACES + 2) if 0 <= len(grid.cells) - len(faces) < min(grid.columns, grid.rows + 1)
    ]
    return max(fitting, key=lambda grid: _merit(pen, grid, faces), default=None)


def _fullest_grid(pen: Pen, box: Box, faces: list[Face]) -> _Grid:
    """The grid for one page of many: as many faces as the profile wants, then the largest portraits."""
    most = min(len(faces), MOST_FACES_SIMPLE if pen.theme.is_simple else MOST_FACES_PAGED)
    grids = _grids(pen, box, most)
    if not grids:
        return _Grid(1, 1, box.height > box.width, (box,), is_roomy=False)
    return max(grids, key=lambda grid: (len(grid.cells), _merit(pen, grid, faces)))


def _merit(pen: Pen, grid: _Grid, faces: list[Face]) -> tuple[int, int]:
    parts = [_face_parts(pen, grid.cells[0], grid.upright, face) for face in faces]
    cut = sum(text.cut or text.poor for part in parts for text in (part.name, part.presence))
    return -cut, parts[0].portrait.width


def _draw_faces(pen: Pen, grid: _Grid, faces: list[Face], first: int) -> None:
    for index, (cell, face) in enumerate(zip(grid.cells, faces, strict=False)):
        draw_face(pen, f"face.{first + index}", cell, face, upright=grid.upright)


def draw_face(pen: Pen, key: str, box: Box, face: Face, *, upright: bool) -> None:
    """One contact as something to touch."""
    paint = pen.touchable(key, box, pen.theme.palette.card, face.intent)
    parts = _face_parts(pen, box, upright, face)
    pen.portrait(f"{key}.portrait", face, parts.portrait)
    draw_presence_dot(pen, key, parts.portrait, face)
    align: Align = "middle" if upright else "left"
    name, presence = parts.name, parts.presence
    pen.lettering(f"{key}.name", face.name, name, parts.name_box, paint.ink, "strong", align, "middle")
    if face.presence_words:
        words, place = face.presence_words, parts.presence_box
        pen.lettering(f"{key}.presence", words, presence, place, paint.soft, "caption", align, "middle")


def draw_presence_dot(pen: Pen, key: str, portrait: Box, face: Face) -> None:
    """A sign at the portrait's edge: its shape says as much as its colour."""
    size = max(pen.theme.mm(6), portrait.width // 4)
    corner = Box(portrait.right - size, portrait.bottom - size, size, size)
    colour = {
        "available": pen.theme.palette.available,
        "busy": pen.theme.palette.busy,
        "away": pen.theme.palette.away,
    }[face.presence]
    pen.plate(f"{key}.dot", corner, pen.theme.palette.card, radius_px=size // 2)
    pen.icon(f"{key}.presence-sign", face.presence, corner.inset(max(1, size // 14)), colour)


def _face_parts(pen: Pen, cell: Box, upright: bool, face: Face) -> _FaceParts:
    """Places of portrait, name and presence words, which are as high as the words need."""
    inside = cell.inset(pen.theme.mm(2.5), pen.theme.mm(1.5))
    if not upright:
        return _lying_parts(pen, inside, face)
    room = inside._replace(height=inside.height * 62 // 100)
    name, presence = _face_words(pen, face, room, _name_scale(pen, cell))
    lower, rest = inside.foot(presence.height_px)
    upper, rest = rest.foot(name.height_px, pen.theme.mm(1))
    size = min(rest.width, rest.height)
    return _FaceParts(rest.middle(size, size), name, upper, presence, lower)


def _lying_parts(pen: Pen, inside: Box, face: Face) -> _FaceParts:
    """The portrait gives way to a long name, down to a third of the width."""
    for share in (38, 32):
        size = min(inside.height, inside.width * share // 100)
        left, text = inside.left(size, pen.theme.mm(3))
        name, presence = _face_words(pen, face, text, _name_scale(pen, inside))
        if not any(words.cut or words.poor for words in (name, presence)):
            break
    upper, lower = text.middle(text.width, name.height_px + presence.height_px).top(name.height_px)
    return _FaceParts(left.middle(size, size), name, upper, presence, lower)


def _face_words(pen: Pen, face: Face, box: Box, scale: float) -> tuple[Fitted, Fitted]:
    return pen.two_fitted((face.name, "strong"), (face.presence_words, "caption"), box, scale=scale)


def _name_scale(pen: Pen, cell: Box) -> float:
    return min(1.5, max(1.0, cell.height / pen.theme.mm(60)))
