"""All contacts who can be called, favourites first, in pages; of many, also by first letter."""

from collections.abc import Sequence

from device.window_protocol.model import Button, Face, LettersPage, PeoplePage
from kiosk_ui.boxes import Box
from kiosk_ui.canvas import Canvas, TextStyle
from kiosk_ui.pages.frame import LOW_PANEL_MM, Frame, draw_page, foot_places
from kiosk_ui.parts.action import button_spec, draw_action, said_whole
from kiosk_ui.parts.arrows import draw_arrows
from kiosk_ui.parts.face import best_alike, draw_face
from kiosk_ui.scene import Target
from kiosk_ui.theme import Theme

CELL_MM = 60.0, 31.0
MOST_COLUMNS, MOST_ROWS = 3, 4
LETTER_MM = 22.0, 20.5
MOST_BESIDE = 2

Entry = tuple[str, Face | Button]


def draw_people_page(canvas: Canvas, page: PeoplePage, frame: Frame, turned: int) -> None:
    """Draw as many as are readable and large enough to touch.

    What else can be done is beside *Back*; where arrows are there, it comes behind the faces.
    """
    theme = canvas.theme
    faces: list[Entry] = [(f"face.{index}", face) for index, face in enumerate(page.faces)]
    acts = [(name, button) for name, button in (("visits", page.visits), ("album", page.album)) if button]
    specs = [(name, button_spec(theme.palette, button)) for name, button in acts]
    if len(acts) <= MOST_BESIDE and not theme.has_large_text and theme.panel.height_mm >= LOW_PANEL_MM:
        body = draw_page(Canvas(theme), frame, page.title, page.back, *specs)
        if len(faces) <= len(_cells(theme, body)) and not page.letters:
            _draw_entries(
                canvas, faces, _cells(theme, draw_page(canvas, frame, page.title, page.back, *specs))
            )
            return
    body = draw_page(canvas, frame, page.title, page.back)
    body, arrows = foot_places(theme, frame._replace(content=body), _arrows(theme))
    cells = _cells(theme, body)
    entries = [*faces, *acts]
    if page.letters:
        # The last of the first page: nobody turns pages to find out that there is another way.
        entries.insert(len(cells) - 1, ("letters", page.letters))
    last = max(0, -(-len(entries) // len(cells)) - 1)
    at = min(turned, last)
    draw_arrows(canvas, ("people", page.fewer, page.more), (at, last), arrows)
    _draw_entries(canvas, entries[at * len(cells) : (at + 1) * len(cells)], cells)


def draw_letters(canvas: Canvas, page: LettersPage, frame: Frame, turned: int) -> None:
    """Draw a large key for each letter."""
    theme = canvas.theme
    body = draw_page(canvas, frame, page.title, page.back)
    cells = _letter_cells(theme, body)
    if len(page.letters) > len(cells):
        body, arrows = foot_places(theme, frame._replace(content=body), _arrows(theme))
        cells = _letter_cells(theme, body)
        last = -(-len(page.letters) // len(cells)) - 1
        turned = min(turned, last)
        draw_arrows(canvas, ("letters", page.fewer, page.more), (turned, last), arrows)
    else:
        turned = 0
    shown = page.letters[turned * len(cells) : (turned + 1) * len(cells)]
    for index, (cell, letter) in enumerate(zip(cells, shown, strict=False), turned * len(cells)):
        target = Target(cell, f"letter.{index}", letter.intent)
        paint = canvas.touchable(target, theme.palette.action)
        canvas.words(f"letter.{index}.words", letter.words, cell, TextStyle("headline", paint.ink, "middle"))


def _draw_entries(canvas: Canvas, entries: Sequence[Entry], cells: Sequence[Box]) -> None:
    """Draw faces with one setting, and buttons as large as faces."""
    theme = canvas.theme
    faces = tuple(entry for _, entry in entries if isinstance(entry, Face))
    setting = best_alike(theme, cells[0], faces) if faces else None
    for (key, entry), cell in zip(entries, cells, strict=False):
        if isinstance(entry, Face) and setting:
            draw_face(canvas, key, cell, entry, setting)
        elif isinstance(entry, Button):
            draw_action(canvas, key, cell, said_whole(theme, button_spec(theme.palette, entry), cell))


def _arrows(theme: Theme) -> int:
    """Return the number of arrows; on a low panel one cycles."""
    return 1 if theme.panel.height_mm < LOW_PANEL_MM else 2


def _letter_cells(theme: Theme, body: Box) -> list[Box]:
    width, height = (theme.mm(length) for length in LETTER_MM)
    columns = max(1, (body.width + theme.gap) // (width + theme.gap))
    rows = max(1, (body.height + theme.gap) // (height + theme.gap))
    return body.grid(columns, rows, theme.gap)


def _cells(theme: Theme, body: Box) -> list[Box]:
    """Return the cells; larger letters mean fewer faces a page."""
    width, height = (theme.mm(length * theme.text_scale) for length in CELL_MM)
    columns = max(1, min(MOST_COLUMNS, (body.width + theme.gap) // (width + theme.gap)))
    rows = max(1, min(MOST_ROWS, (body.height + theme.gap) // (height + theme.gap)))
    return body.grid(columns, rows, theme.gap)
