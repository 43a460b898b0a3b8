"""Past forced calls, the newest first; a longer list scrolls with large arrows."""

from collections.abc import Iterator
from typing import NamedTuple

from device.window_protocol.model import MessageEntry, MessagePage, Visit, VisitsPage
from kiosk_ui.boxes import Box
from kiosk_ui.canvas import Canvas, TextStyle
from kiosk_ui.pages.frame import LOW_PANEL_MM, Frame, draw_page, foot_places
from kiosk_ui.pages.message import draw_message_page
from kiosk_ui.parts.arrows import draw_arrows
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


def draw_visits(canvas: Canvas, page: VisitsPage, frame: Frame, turned: int) -> None:
    """Draw a card for each: when, who, why, and outcome; with large letters a page for each."""
    if frame.more and canvas.theme.has_large_text:
        _draw_large(canvas, page, frame, turned)
        return
    body = draw_page(canvas, frame, page.title, page.back)
    if not page.visits:
        card = canvas.theme.palette.card
        canvas.rectangle("visits.card", body, card)
        inside = body.inset(canvas.theme.mm(6), canvas.theme.mm(4))
        canvas.words("visits.words", page.words, inside, TextStyle("title", card.ink, "middle"))
        return
    pages = _pages(canvas, body, page.visits)
    if len(pages) > 1:
        # Where two arrows would leave no room for a card, one cycles.
        arrows = 1 if canvas.theme.panel.height_mm < LOW_PANEL_MM else 2
        body, places = foot_places(canvas.theme, frame._replace(content=body), arrows)
        pages = _pages(canvas, body, page.visits)
        turned = min(turned, len(pages) - 1)
        draw_arrows(canvas, ("visits", page.fewer, page.more), (turned, len(pages) - 1), places)
    _draw_cards(canvas, body, page.visits, pages[min(turned, len(pages) - 1)])


def _draw_large(canvas: Canvas, page: VisitsPage, frame: Frame, turned: int) -> None:
    """Draw the title first, then each visit as one message would be."""
    entries = [MessageEntry(headline=page.title, words="" if page.visits else page.words)]
    entries += [
        MessageEntry(headline=visit.who, words=f"{visit.when}\n{visit.why}\n{visit.outcome}")
        for visit in page.visits
    ]
    as_messages = MessagePage(entries=entries, fewer=page.fewer, more=page.more, back=page.back)
    draw_message_page(canvas, as_messages, frame, turned)


def _pages(canvas: Canvas, body: Box, visits: list[Visit]) -> list[range]:
    """Return as many cards a page as fit with all their text."""
    gap, most = canvas.theme.mm(GAP_MM), MOST_SIMPLE if canvas.theme.is_simple else MOST
    pages, first, used = [], 0, 0
    for index, visit in enumerate(visits):
        height = _card_height(canvas, body, visit)
        if index > first and (used + gap + height > body.height or index - first == most):
            pages.append(range(first, index))
            first, used = index, 0
        used += height + (gap if index > first else 0)
    return [*pages, range(first, len(visits))]


def _card_height(canvas: Canvas, body: Box, visit: Visit) -> int:
    """Return the minimum height at which the text fits."""
    card = body._replace(height=LIMITLESS)
    _, text = _inside(canvas, card)
    lowest = max(setting.place.bottom for setting in _set(canvas, visit, text, SCALES[-1]))
    highest = min(setting.place.y for setting in _set(canvas, visit, text, SCALES[-1]))
    return min(body.height, lowest - highest + card.height - text.height)


def _draw_cards(canvas: Canvas, body: Box, visits: list[Visit], shown: range) -> None:
    """Draw the cards, which share the remaining height up to a limit."""
    gap = canvas.theme.mm(GAP_MM)
    heights = [_card_height(canvas, body, visits[index]) for index in shown]
    spare = max(0, body.height - sum(heights) - gap * (len(heights) - 1)) // len(heights)
    heights = [height + min(spare, canvas.theme.mm(MOST_SPARE_MM)) for height in heights]
    for index, cell in zip(shown, body.rows(heights, gap), strict=True):
        _draw_card(canvas, f"visits.{index}", visits[index], cell)


def _draw_card(canvas: Canvas, key: str, visit: Visit, cell: Box) -> None:
    card = canvas.theme.palette.card
    canvas.rectangle(key, cell, card)
    sign, text = _inside(canvas, cell)
    size = min(sign.width, sign.height)
    canvas.icon(f"{key}.icon", "eye", sign.middle(size, size), canvas.theme.palette.border)
    for line, fitted, place in _settings(canvas, visit, text):
        text_style = TextStyle(line.role, card.soft if line.is_quiet else card.ink, rise="top")
        canvas.lettering(f"{key}.{line.name}", line.text, fitted, place, text_style)


def _settings(canvas: Canvas, visit: Visit, text: Box) -> list[_Set]:
    """Return the largest settings in which everything fits."""
    for scale in SCALES:
        settings = list(_set(canvas, visit, text, scale))
        if all(line.fitted.is_whole and text.holds(line.place) for line in settings):
            break
    return settings


def _set(canvas: Canvas, visit: Visit, text: Box, scale: float) -> Iterator[_Set]:
    """Yield who and when; why and outcome below that, or beside it on a wide panel."""
    lines = [line for line in _lines(visit) if line.text]
    is_wide = text.width >= canvas.theme.mm(WIDE_MM)
    columns = text.grid(2, 1, canvas.theme.mm(6)) if is_wide else [text]
    halves = [lines[:2], lines[2:]] if is_wide else [lines]
    for column, half in zip(columns, halves, strict=True):
        settings, left = [], column
        for line in half:
            fitted = canvas.theme.fitted(line.text, line.role, left, scale=scale)
            place, left = left.top(fitted.height_px)
            settings.append(_Set(line, fitted, place))
        for setting in settings:
            yield setting._replace(place=setting.place._replace(y=setting.place.y + left.height // 2))


def _lines(visit: Visit) -> Iterator[_Line]:
    yield _Line("who", visit.who, "strong", is_quiet=False)
    yield _Line("when", visit.when, "caption", is_quiet=True)
    yield _Line("why", visit.why, "caption", is_quiet=False)
    yield _Line("outcome", visit.outcome, "caption", is_quiet=True)


def _inside(canvas: Canvas, card: Box) -> tuple[Box, Box]:
    """Return areas of icon and text."""
    mm = canvas.theme.mm
    return card.inset(mm(4), mm(2)).left(mm(12), mm(4))
