"""All contacts who can be called, favourites first, in pages."""

from device.window_protocol.model import PeoplePage
from kiosk_ui.boxes import Box
from kiosk_ui.canvas import Canvas
from kiosk_ui.pages.frame import LOW_PANEL_MM, Frame, NamedSpec, draw_page, list_arrows
from kiosk_ui.parts.action import button_spec
from kiosk_ui.parts.arrows import draw_arrows
from kiosk_ui.parts.face import best_alike, draw_face
from kiosk_ui.theme import Theme

CELL_MM = 60.0, 31.0
MOST_COLUMNS, MOST_ROWS = 3, 4


def draw_people_page(canvas: Canvas, page: PeoplePage, frame: Frame, turned: int) -> None:
    """Draw as many as are readable and large enough to touch, the same number on each page."""
    theme = canvas.theme
    is_low = theme.panel.height_mm < LOW_PANEL_MM
    acts: list[NamedSpec] = []
    for name, button in (("visits", page.visits), ("album", page.album)):
        if button and not is_low:
            acts.append((name, button_spec(theme.palette, button)))
    body = draw_page(canvas, frame, page.title, page.back, *acts)
    body, arrows = list_arrows(theme, frame, body)
    cells = _cells(theme, body)
    last = max(0, -(-len(page.faces) // len(cells)) - 1)
    at = min(turned, last)
    draw_arrows(canvas, ("people", page.fewer, page.more), (at, last), arrows)
    faces = page.faces[at * len(cells) : (at + 1) * len(cells)]
    if not faces:
        return
    setting = best_alike(theme, cells[0], tuple(faces))
    for index, (cell, face) in enumerate(zip(cells, faces, strict=False)):
        draw_face(canvas, f"face.{at * len(cells) + index}", cell, face, setting)


def _cells(theme: Theme, body: Box) -> list[Box]:
    """Return the cells; larger letters mean fewer faces a page."""
    width, height = (theme.mm(length * theme.text_scale) for length in CELL_MM)
    columns = max(1, min(MOST_COLUMNS, (body.width + theme.gap) // (width + theme.gap)))
    rows = max(1, min(MOST_ROWS, (body.height + theme.gap) // (height + theme.gap)))
    return body.grid(columns, rows, theme.gap)
