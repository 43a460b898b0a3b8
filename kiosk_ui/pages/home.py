"""The home page: each visible element is complete, at a fixed position (V1)."""

from device.window_protocol.model import Home, Relatives
from kiosk_ui.boxes import Box
from kiosk_ui.canvas import Canvas, TextStyle, memoised
from kiosk_ui.pages.frame import WATCHED_STRIP, Frame, draw_behind_head, draw_strips_in
from kiosk_ui.pages.home_places import (
    NOTHING,
    Places,
    Shown,
    all_places,
    group_places,
    groups_of,
    is_divided,
)
from kiosk_ui.parts.action import (
    ButtonSpec,
    Label,
    button_spec,
    cafe_spec,
    common_scale,
    draw_action,
    said_whole,
)
from kiosk_ui.parts.face import best_alike, draw_face
from kiosk_ui.parts.timepiece import draw_timepiece
from kiosk_ui.parts.today import draw_today
from kiosk_ui.scene import TurnPage
from kiosk_ui.text.raster import Align

MOST_FACES = 3


def draw_home(canvas: Canvas, home: Home, frame: Frame, turned: int) -> None:
    """Draw one page, or one group a page with an arrow at a fixed position."""
    shown = _shown(home)
    if shown == NOTHING:
        _draw_empty(canvas, home, frame)
    elif is_divided(canvas.theme, shown):
        groups = groups_of(canvas.theme, shown)
        at = turned % len(groups)
        places = group_places(canvas.theme, frame, groups[at], is_first=at == 0)
        if at:
            # What is said once stands on the first page; that somebody looks in, on every page.
            watched = [strip for strip in frame.strips if strip[0] == WATCHED_STRIP]
            frame = frame._replace(strips=watched)
        onward = TurnPage((at + 1) % len(groups), "more")
        spec = ButtonSpec(Label("more", home.more), canvas.theme.palette.action, onward)
        draw_action(canvas, "next", places["next"], said_whole(canvas.theme, spec, places["next"]))
        _draw(canvas, home, places, frame)
    else:
        _draw(canvas, home, all_places(canvas.theme, frame, shown), frame)


def _shown(home: Home) -> Shown:
    """Return what the view shows, independent of the current content."""
    people, has_all = 0, False
    if home.relatives:
        has_all = home.relatives.all is not None
        people = max(1, min(MOST_FACES - has_all, len(home.relatives.faces)) + has_all)
    buttons = {"cafe": home.cafe, "queue": home.queue, "mute": home.mute, "urgent-call": home.urgent_call}
    return Shown(
        time=bool(home.clock or home.date),
        today=home.today is not None,
        people=people,
        actions=tuple(name for name, button in buttons.items() if button),
        has_all=has_all,
    )


def _draw(canvas: Canvas, home: Home, places: Places, frame: Frame) -> None:
    if "time" in places:
        align: Align = "middle" if canvas.theme.panel.is_upright else "left"
        draw_timepiece(canvas, places["time"], home.clock, home.date, align)
    if home.today and "today" in places:
        draw_today(canvas, "today", places["today"], home.today)
    if "strips" in places:
        draw_behind_head(canvas, places["strips"], frame, has_clock=home.clock is not None)
    elif frame.strips:
        draw_strips_in(canvas, places["news"], frame.strips)
    elif home.news and "news" in places:
        spec = button_spec(canvas.theme.palette, home.news)._replace(paint=canvas.theme.palette.news)
        draw_action(canvas, "news", places["news"], said_whole(canvas.theme, spec, places["news"]))
    cells = {int(key.split(".")[1]): box for key, box in places.items() if key.startswith("person.")}
    if home.relatives and cells:
        _draw_people(canvas, home.relatives, cells)
    if home.relatives and home.relatives.all and "all" in places:
        spec = button_spec(canvas.theme.palette, home.relatives.all)
        draw_action(canvas, "all", places["all"], said_whole(canvas.theme, spec, places["all"]))
    _draw_actions(canvas, home, places)


def _draw_people(canvas: Canvas, relatives: Relatives, cells: dict[int, Box]) -> None:
    if not relatives.faces:
        card = canvas.theme.palette.card
        canvas.rectangle("people.card", cells[0], card)
        inside = cells[0].inset(canvas.theme.padding)
        canvas.words("people.words", relatives.words, inside, TextStyle("body", card.ink))
        return
    faces = {index: face for index, face in enumerate(relatives.faces) if index in cells}
    setting = best_alike(canvas.theme, next(iter(cells.values())), tuple(faces.values()))
    for index, face in faces.items():
        draw_face(canvas, f"face.{index}", cells[index], face, setting)


def _draw_actions(canvas: Canvas, home: Home, places: Places) -> None:
    """Draw buttons side by side with one font size."""
    palette = canvas.theme.palette
    acts = {
        "cafe": home.cafe and cafe_spec(palette, home.cafe),
        "queue": home.queue and button_spec(palette, home.queue),
        "mute": home.mute and button_spec(palette, home.mute),
        "urgent-call": home.urgent_call and button_spec(palette, home.urgent_call),
    }
    said = {
        name: said_whole(canvas.theme, spec, places[name])
        for name, spec in acts.items()
        if spec and name in places
    }
    if said:
        _draw_row(canvas, [(name, places[name], spec) for name, spec in said.items()])


@memoised
def _draw_row(canvas: Canvas, row: list[tuple[str, Box, ButtonSpec]]) -> None:
    scale = common_scale(canvas, [(spec.label, place) for _, place, spec in row])
    for name, place, spec in row:
        draw_action(canvas, name, place, spec, scale)


def _draw_empty(canvas: Canvas, home: Home, frame: Frame) -> None:
    """Draw the text for a view without elements."""
    canvas.words(
        "home.words",
        home.words,
        frame.content,
        TextStyle("headline", canvas.theme.palette.room.ink, "middle"),
    )
