"""Past forced calls, the newest first; a longer list scrolls with large arrows."""

from collections.abc import Iterator
from typing import NamedTuple

from device.window_protocol.model import Visit, VisitsPage
from kiosk_ui.boxes import Box
from kiosk_ui.pages.frame import LOW_PANEL_MM, Frame, draw_page, foot_places
from kiosk_ui.parts.arrows import draw_arrows
from kiosk_ui.pen import Pen, TextStyle
from kiosk_ui.text.fitting import Fitted
from kiosk_ui.theme import Role

MOST = 4
MOST_SIMPLE = 2
WIDE_MM = 130.0
GAP_MM = 3.0
MOST_SPARE_MM = 10.0
# More than the height of any list of lines, in pixels.
LIMITLESS = 100_000
SCALES = (1.0, 0.5)


class _Line(NamedTuple):
    name: str
    text: str
    role: Role
    is_quiet: bool


class _Set(NamedTuple):
    line: _Line
    fitted: Fitted
    place: Box


def draw_visits(pen: Pen, page: VisitsPage, frame: Frame, turned: int) -> None:
    """Draw a card for each: when, who, why, and outcome."""
    body = draw_page(pen, frame, page.title, page.back)
    if not page.visits:
        card = pen.theme.palette.card
        pen.plate("visits.card", body, card)
        inside = body.inset(pen.theme.mm(6), pen.theme.mm(4))
        pen.words("visits.words", page.words, inside, TextStyle("title", card.ink, "middle"))
        return
    pages = _pages(pen, body, page.visits)
    if len(pages) > 1:
        # Where two arrows would leave no room for a card, one cycles.
        arrows = 1 if pen.theme.panel.height_mm < LOW_PANEL_MM else 2
        body, places = foot_places(pen.theme, frame._replace(content=body), arrows)
        pages = _pages(pen, body, page.visits)
        turned = min(turned, len(pages) - 1)
        draw_arrows(pen, ("visits", page.fewer, page.more), (turned, len(pages) - 1), places)
    _draw_cards(pen, body, page.visits, pages[min(turned, len(pages) - 1)])


def _pages(pen: Pen, body: Box, visits: list[Visit]) -> list[range]:
    """Return as many cards a page as fit with all their text."""
    gap, most = pen.theme.mm(GAP_MM), MOST_SIMPLE if pen.theme.is_simple else MOST
    pages, first, used = [], 0, 0
    for index, visit in enumerate(visits):
        height = _card_height(pen, body, visit)
        if index > first and (used + gap + height > body.height or index - first == most):
            pages.append(range(first, index))
            first, used = index, 0
        used += height + (gap if index > first else 0)
    return [*pages, range(first, len(visits))]


def _card_height(pen: Pen, body: Box, visit: Visit) -> int:
    """Return the minimum height at which the text fits."""
    card = body._replace(height=LIMITLESS)
    _, text = _inside(pen, card)
    lowest = max(setting.place.bottom for setting in _set(pen, visit, text, SCALES[-1]))
    highest = min(setting.place.y for setting in _set(pen, visit, text, SCALES[-1]))
    return min(body.height, lowest - highest + card.height - text.height)


def _draw_cards(pen: Pen, body: Box, visits: list[Visit], shown: range) -> None:
    """Draw the cards, which share the remaining height up to a limit."""
    gap = pen.theme.mm(GAP_MM)
    heights = [_card_height(pen, body, visits[index]) for index in shown]
    spare = max(0, body.height - sum(heights) - gap * (len(heights) - 1)) // len(heights)
    heights = [height + min(spare, pen.theme.mm(MOST_SPARE_MM)) for height in heights]
    for index, cell in zip(shown, body.rows(heights, gap), strict=True):
        _draw_card(pen, f"visits.{index}", visits[index], cell)


def _draw_card(pen: Pen, key: str, visit: Visit, cell: Box) -> None:
    card = pen.theme.palette.card
    pen.plate(key, cell, card)
    sign, text = _inside(pen, cell)
    size = min(sign.width, sign.height)
    pen.icon(f"{key}.icon", "eye", sign.middle(size, size), pen.theme.palette.border)
    for line, fitted, place in _settings(pen, visit, text):
        text_style = TextStyle(line.role, card.soft if line.is_quiet else card.ink, rise="top")
        pen.lettering(f"{key}.{line.name}", line.text, fitted, place, text_style)


def _settings(pen: Pen, visit: Visit, text: Box) -> list[_Set]:
    """Return the largest settings in which everything fits."""
    for scale in SCALES:
        settings = list(_set(pen, visit, text, scale))
        if all(line.fitted.is_whole and text.holds(line.place) for line in settings):
            break
    return settings


def _set(pen: Pen, visit: Visit, text: Box, scale: float) -> Iterator[_Set]:
    """Yield who and when; why and outcome below that, or beside it on a wide panel."""
    lines = [line for line in _lines(visit) if line.text]
    is_wide = text.width >= pen.theme.mm(WIDE_MM)
    columns = text.grid(2, 1, pen.theme.mm(6)) if is_wide else [text]
    halves = [lines[:2], lines[2:]] if is_wide else [lines]
    for column, half in zip(columns, halves, strict=True):
        settings, left = [], column
        for line in half:
            fitted = pen.theme.fitted(line.text, line.role, left, scale=scale)
            place, left = left.top(fitted.height_px)
            settings.append(_Set(line, fitted, place))
        for setting in settings:
            yield setting._replace(place=setting.place._replace(y=setting.place.y + left.height // 2))


def _lines(visit: Visit) -> Iterator[_Line]:
    yield _Line("who", visit.who, "strong", is_quiet=False)
    yield _Line("when", visit.when, "caption", is_quiet=True)
    yield _Line("why", visit.why, "caption", is_quiet=False)
    yield _Line("outcome", visit.outcome, "caption", is_quiet=True)


def _inside(pen: Pen, card: Box) -> tuple[Box, Box]:
    """Return areas of icon and text."""
    mm = pen.theme.mm
    return card.inset(mm(4), mm(2)).left(mm(12), mm(4))
