"""The pages of customer service: choices, queue, and conversation in large bubbles (Q4, Q10)."""

from collections.abc import Sequence
from typing import NamedTuple

from device.window_protocol.model import Bubble, Button, ChatPage, ChoicePage, Keyboard, LinePage, QueuePage
from kiosk_ui.boxes import Box
from kiosk_ui.pages.frame import Frame, back_place, draw_page, foot_places
from kiosk_ui.parts.action import button_spec, draw_action, draw_buttons, is_whole
from kiosk_ui.parts.arrows import draw_arrows
from kiosk_ui.parts.keyboard import draw_keyboard, keyboard_height
from kiosk_ui.parts.text_block import TextBlock, draw_text_block
from kiosk_ui.pen import Pen, TextStyle
from kiosk_ui.text.fitting import Fitted
from kiosk_ui.theme import MARGIN_MM, Theme

MOST, MOST_SIMPLE = 4, 2
LEAST_CHOICE_MM = 24.0
ACTS_MM = 26.0
BUBBLE_GAP_MM = 3.0
BUBBLE_SHARE = 80
LEAST_REPLY_MM = 40.0
ARROWS_MM = 32.0
# More than the height of any bubble, in pixels.
LIMITLESS = 100_000


def draw_queue_page(pen: Pen, page: QueuePage, frame: Frame, turned: int) -> None:
    """Draw one of the pages of customer service."""
    match page:
        case ChoicePage():
            draw_choices(pen, page, frame, turned)
        case LinePage():
            draw_line(pen, page, frame)
        case ChatPage():
            draw_chat(pen, page, frame, turned)


def draw_choices(pen: Pen, page: ChoicePage, frame: Frame, turned: int) -> None:
    """Draw at most four choices a page, two in the simple profile, below a line of text."""
    body = draw_page(pen, frame, page.title, page.back)
    body = _draw_words(pen, page.words, body, whole=not page.choices)
    if not page.choices:
        return
    above_arrows, arrows = foot_places(pen.theme, frame._replace(content=body), 2)
    most = _most_choices(pen.theme, page, body, above_arrows)
    pages = [page.choices[at : at + most] for at in range(0, len(page.choices), most)]
    turned = min(turned, len(pages) - 1)
    if len(pages) > 1:
        body = above_arrows
        draw_arrows(pen, ("choices", page.fewer, page.more), (turned, len(pages) - 1), arrows)
    shown = pages[turned]
    draw_buttons(pen, "choice", shown, _choice_cells(pen.theme, body, len(shown)))


def _most_choices(theme: Theme, page: ChoicePage, whole: Box, above_arrows: Box) -> int:
    """Return the maximum number of choices a page whose text fits completely."""
    most = min(len(page.choices), MOST_SIMPLE if theme.is_simple else MOST)
    for count in range(most, 1, -1):
        body = whole if count == len(page.choices) else above_arrows
        cells = _choice_cells(theme, body, count)
        if cells[0].height < theme.mm(LEAST_CHOICE_MM):
            continue
        labels = [button_spec(theme.palette, choice).label for choice in page.choices]
        if all(is_whole(theme, label, cells[0]) for label in labels):
            return count
    return 1


def _choice_cells(theme: Theme, body: Box, count: int) -> list[Box]:
    columns = 1 if theme.panel.is_upright or count == 1 else 2
    return body.grid(columns, -(-count // columns), theme.gap)


def draw_line(pen: Pen, page: LinePage, frame: Frame) -> None:
    """Draw a headline with text, lines and buttons."""
    is_beside = page.back is not None and len(page.acts) <= 2
    acts = [(f"act.{at}", button_spec(pen.theme.palette, spec)) for at, spec in enumerate(page.acts)]
    body = draw_page(pen, frame, "", page.back, *(acts if is_beside else ()))
    if page.acts and not is_beside:
        row, body = body.foot(max(pen.theme.action, pen.theme.mm(ACTS_MM)), pen.theme.gap)
        draw_buttons(pen, "act", page.acts, row.grid(len(page.acts), 1, pen.theme.gap))
    card = pen.theme.palette.card
    pen.plate("line.card", body, card)
    inside = body.inset(pen.theme.mm(6), pen.theme.mm(3))
    quiet = "\n".join(page.lines)
    if quiet:
        setting = pen.theme.fitted(quiet, "caption", inside._replace(height=inside.height * 55 // 100))
        place, inside = inside.foot(setting.height_px, pen.theme.mm(2))
        pen.lettering("line.more", quiet, setting, place, TextStyle("caption", card.soft, "middle", "foot"))
    draw_text_block(pen, "line", TextBlock(page.headline, page.words, card, "middle"), inside)


def draw_chat(pen: Pen, page: ChatPage, frame: Frame, turned: int) -> None:
    """Draw bubbles, the newest at the bottom: own ones left, the other's right; replies below."""
    if page.keyboard:
        _draw_typing(pen, page, page.keyboard, frame)
        return
    palette = pen.theme.palette
    acts = (("write", button_spec(palette, page.write)), ("video", button_spec(palette, page.video)))
    body = draw_page(pen, frame, page.title, page.leave, *acts)
    if page.replies:
        body = _draw_replies(pen, page.replies, body)
    _draw_bubbles(pen, page, body, turned)


def _draw_typing(pen: Pen, page: ChatPage, keyboard: Keyboard, frame: Frame) -> None:
    """Draw the keyboard as large as possible, with the last messages above if they fit."""
    theme = pen.theme
    margin = theme.mm(MARGIN_MM - 1)
    body = frame.content._replace(y=frame.content.y - margin, height=frame.content.height + margin)
    back = button_spec(theme.palette, page.write)
    draw_action(pen, "back", back_place(theme, frame.foot), back)
    keys, rest = body.foot(min(body.height, keyboard_height(theme, body.width)), theme.mm(2))
    draw_keyboard(pen, keys, keyboard)
    if page.bubbles and rest.height > theme.mm(LEAST_CHOICE_MM):
        _draw_bubbles(pen, page, rest, 0)


def _draw_replies(pen: Pen, replies: Sequence[Button], body: Box) -> Box:
    """Draw as many replies as fit: in a column, or at the bottom of an upright panel."""
    theme = pen.theme
    if not theme.panel.is_upright:
        place, rest = body.end(max(theme.mm(LEAST_REPLY_MM), body.width * 24 // 100), theme.gap)
        rows = max(1, (body.height + theme.gap) // (theme.action + theme.gap))
        shown = list(replies[:rows])
        cells = place.grid(1, rows, theme.gap)
        draw_buttons(pen, "reply", shown, cells)
        return rest
    columns = max(1, (body.width + theme.gap) // (theme.mm(LEAST_REPLY_MM) + theme.gap))
    shown = list(replies[: columns * 2])
    rows = -(-len(shown) // columns)
    place, body = body.foot(rows * (theme.action + theme.gap) - theme.gap, theme.gap)
    draw_buttons(pen, "reply", shown, place.grid(min(columns, len(shown)), rows, theme.gap))
    return body


class _Set(NamedTuple):
    bubble: Bubble
    name: Fitted
    text: Fitted
    height: int


def _draw_bubbles(pen: Pen, page: ChatPage, body: Box, turned: int) -> None:
    theme = pen.theme
    if not page.bubbles:
        pen.words("chat.words", page.words, body, TextStyle("body", theme.palette.room.soft, "middle"))
        return
    settings = [_set(pen, bubble, body) for bubble in page.bubbles]
    pages = _pages(settings, body.height, theme.mm(BUBBLE_GAP_MM))
    turned = min(turned, len(pages) - 1)
    if len(pages) > 1 and body.height >= 2 * theme.action + theme.gap:
        arrows, body = body.end(theme.mm(ARROWS_MM), theme.gap)
        upper, lower = arrows.grid(1, 2, theme.gap)
        draw_arrows(pen, ("chat", page.fewer, page.more), (turned, len(pages) - 1), [lower, upper])
        settings = [_set(pen, bubble, body) for bubble in page.bubbles]
        pages = _pages(settings, body.height, theme.mm(BUBBLE_GAP_MM))
        turned = min(turned, len(pages) - 1)
    shown = pages[turned]
    heights = [min(body.height, settings[index].height) for index in shown]
    gap = theme.mm(BUBBLE_GAP_MM)
    block = body.foot(sum(heights) + gap * (len(heights) - 1))[0]
    for index, cell in zip(shown, block.rows(heights, gap), strict=True):
        _draw_bubble(pen, f"bubble.{index}", settings[index], cell)


def _pages(settings: list[_Set], room: int, gap: int) -> list[range]:
    """Split into pages from the newest backwards: the first page has the last messages."""
    pages, last, used = [], len(settings), 0
    for index in range(len(settings) - 1, -1, -1):
        height = settings[index].height
        if used and used + gap + height > room:
            pages.append(range(index + 1, last))
            last, used = index + 1, 0
        used += height + (gap if used else 0)
    return [*pages, range(last)]


def _set(pen: Pen, bubble: Bubble, body: Box) -> _Set:
    theme = pen.theme
    width = body.width * BUBBLE_SHARE // 100 - 2 * theme.mm(4)
    room = Box(0, 0, max(1, width), LIMITLESS)
    name = theme.fitted(bubble.name, "caption", room, lines=1)
    text = theme.fitted(bubble.text, "body", room._replace(height=body.height), lines=40)
    return _Set(bubble, name, text, name.height_px + text.height_px + 2 * theme.mm(2))


def _draw_bubble(pen: Pen, key: str, setting: _Set, cell: Box) -> None:
    theme, bubble = pen.theme, setting.bubble
    paint = theme.palette.card if bubble.is_own else theme.palette.chosen
    width = max(setting.name.width_px, setting.text.width_px) + 2 * theme.mm(4)
    place = cell.left(width)[0] if bubble.is_own else cell.end(width)[0]
    pen.plate(key, place, paint)
    upper, lower = place.inset(theme.mm(4), theme.mm(2)).top(setting.name.height_px)
    pen.lettering(
        f"{key}.name", bubble.name, setting.name, upper, TextStyle("caption", paint.soft, rise="top")
    )
    pen.lettering(f"{key}.text", bubble.text, setting.text, lower, TextStyle("body", paint.ink, rise="top"))


def _draw_words(pen: Pen, words: str, body: Box, *, whole: bool) -> Box:
    ink = pen.theme.palette.room.ink
    if whole:
        pen.words("choices.words", words, body, TextStyle("title", ink, "middle"))
        return body
    setting = pen.theme.fitted(words, "body", body._replace(height=max(1, body.height // 3)), lines=4)
    head, rest = body.top(setting.height_px, pen.theme.mm(3))
    pen.lettering("choices.words", words, setting, head, TextStyle("body", ink, rise="top"))
    return rest
