"""The pages of customer service: choices, queue, and conversation in large bubbles (Q4, Q10)."""

from collections.abc import Sequence
from typing import NamedTuple

from device.window_protocol.model import Bubble, Button, ChatPage, ChoicePage, Keyboard, LinePage, QueuePage
from kiosk_ui.boxes import Box
from kiosk_ui.canvas import Canvas, TextStyle
from kiosk_ui.pages.divided import DividedPage, button_cells, draw_divided, inside_card, turn_spec
from kiosk_ui.pages.frame import Frame, back_place, column_of_arrows, draw_page, foot_places
from kiosk_ui.parts.action import (
    ButtonSpec,
    Label,
    button_spec,
    draw_action,
    draw_buttons,
    is_whole,
    said_whole,
)
from kiosk_ui.parts.arrows import draw_arrows
from kiosk_ui.parts.keyboard import draw_keyboard, keyboard_height
from kiosk_ui.parts.text_block import TextBlock, divided, draw_text_block
from kiosk_ui.scene import TurnPage
from kiosk_ui.text.fitting import Fitted
from kiosk_ui.theme import MARGIN_MM, Theme

MOST, MOST_SIMPLE = 4, 2
LEAST_CHOICE_MM = 24.0
ACTS_MM = 26.0
BUBBLE_GAP_MM = 3.0
BUBBLE_SHARE = 80
LEAST_REPLY_MM = 40.0
# More than the height of any bubble, in pixels.
LIMITLESS = 100_000


def draw_queue_page(canvas: Canvas, page: QueuePage, frame: Frame, turned: int) -> None:
    """Draw one of the pages of customer service."""
    match page:
        case ChoicePage():
            draw_choices(canvas, page, frame, turned)
        case LinePage():
            draw_line(canvas, page, frame, turned)
        case ChatPage():
            draw_chat(canvas, page, frame, turned)


def draw_choices(canvas: Canvas, page: ChoicePage, frame: Frame, turned: int) -> None:
    """Draw at most four choices a page, two in the simple profile, below a line of text."""
    body = draw_page(canvas, frame, page.title, page.back)
    if page.choices and canvas.theme.has_large_text and frame.more:
        _draw_large_choices(canvas, page, frame, body, turned)
        return
    body = _draw_words(canvas, page.words, body, whole=not page.choices)
    if not page.choices:
        return
    above_arrows, arrows = foot_places(canvas.theme, frame._replace(content=body), 2)
    most = _most_choices(canvas.theme, page, body, above_arrows)
    pages = [page.choices[at : at + most] for at in range(0, len(page.choices), most)]
    turned = min(turned, len(pages) - 1)
    if len(pages) > 1:
        body = above_arrows
        draw_arrows(canvas, ("choices", page.fewer, page.more), (turned, len(pages) - 1), arrows)
    shown = pages[turned]
    draw_buttons(canvas, "choice", shown, button_cells(canvas.theme, body, len(shown)))


def _draw_large_choices(canvas: Canvas, page: ChoicePage, frame: Frame, body: Box, turned: int) -> None:
    """Draw as many choices as can be read, then the text on a page of its own."""
    most = _most_choices(canvas.theme, page, body, body)
    pages = [page.choices[at : at + most] for at in range(0, len(page.choices), most)]
    count = len(pages) + bool(page.words)
    at = turned % count
    if count > 1:
        key, spec = turn_spec(canvas, frame, at, count)
        place = foot_places(canvas.theme, frame._replace(content=body), 1)[1][0]
        draw_action(canvas, key, place, said_whole(canvas.theme, spec, place))
    if at == len(pages):
        _draw_words(canvas, page.words, body, whole=True)
    else:
        draw_buttons(canvas, "choice", pages[at], button_cells(canvas.theme, body, len(pages[at])))


def _most_choices(theme: Theme, page: ChoicePage, whole: Box, above_arrows: Box) -> int:
    """Return the maximum number of choices a page whose text fits completely."""
    most = min(len(page.choices), MOST_SIMPLE if theme.is_simple else MOST)
    for count in range(most, 1, -1):
        body = whole if count == len(page.choices) else above_arrows
        cells = button_cells(theme, body, count)
        if cells[0].height < theme.mm(LEAST_CHOICE_MM):
            continue
        labels = [button_spec(theme.palette, choice).label for choice in page.choices]
        if all(is_whole(theme, label, cells[0]) for label in labels):
            return count
    return 1


def draw_line(canvas: Canvas, page: LinePage, frame: Frame, turned: int) -> None:
    """Draw a headline with text, lines and buttons; with large letters one after the other."""
    card = canvas.theme.palette.card
    block, quiet = TextBlock(page.headline, page.words, card, "middle"), "\n".join(page.lines)
    trial = Canvas(canvas.theme)
    if frame.more and canvas.theme.has_large_text and not _draw_line_whole(trial, page, frame):
        texts = [block, TextBlock("", quiet, card, "middle")] if quiet else [block]
        draw_divided(canvas, "line", DividedPage(texts, page.back, page.acts), frame, turned)
    else:
        _draw_line_whole(canvas, page, frame)


def _draw_line_whole(canvas: Canvas, page: LinePage, frame: Frame) -> bool:
    """Draw it on one page. Return whether all letters are as large as they must be."""
    is_beside = page.back is not None and len(page.acts) <= 2
    acts = [(f"act.{at}", button_spec(canvas.theme.palette, spec)) for at, spec in enumerate(page.acts)]
    body = draw_page(canvas, frame, "", page.back, *(acts if is_beside else ()))
    if page.acts and not is_beside:
        row, body = body.foot(max(canvas.theme.action, canvas.theme.mm(ACTS_MM)), canvas.theme.gap)
        draw_buttons(canvas, "act", page.acts, row.grid(len(page.acts), 1, canvas.theme.gap))
    card = canvas.theme.palette.card
    canvas.rectangle("line.card", body, card)
    inside = body.inset(canvas.theme.mm(6), canvas.theme.mm(3))
    quiet = "\n".join(page.lines)
    if quiet:
        setting = canvas.theme.fitted(quiet, "caption", inside._replace(height=inside.height * 55 // 100))
        place, inside = inside.foot(setting.height_px, canvas.theme.mm(2))
        canvas.lettering(
            "line.more", quiet, setting, place, TextStyle("caption", card.soft, "middle", "foot")
        )
    draw_text_block(canvas, "line", TextBlock(page.headline, page.words, card, "middle"), inside)
    return canvas.is_whole


def draw_chat(canvas: Canvas, page: ChatPage, frame: Frame, turned: int) -> None:
    """Draw bubbles, the newest at the bottom: own ones left, the other's right; replies below."""
    if page.keyboard:
        _draw_typing(canvas, page, page.keyboard, frame)
        return
    palette = canvas.theme.palette
    acts = (("write", button_spec(palette, page.write)), ("video", button_spec(palette, page.video)))
    body = draw_page(canvas, frame, page.title, page.leave, *acts)
    if canvas.theme.has_large_text and canvas.theme.panel.is_upright and frame.more:
        _draw_large_chat(canvas, page, frame, body, turned)
        return
    if page.replies:
        body = _draw_replies(canvas, page.replies, body)
    _draw_bubbles(canvas, page, body, turned)


def _draw_large_chat(canvas: Canvas, page: ChatPage, frame: Frame, body: Box, turned: int) -> None:
    """Draw one message on a narrow panel; the ready answers are on the page before the newest."""
    theme = canvas.theme
    if not page.replies:
        _draw_bubbles(canvas, page, body, turned)
        return
    row, rest = body.foot(theme.action, theme.gap)
    onward, before = row.grid(2, 1, theme.gap)[::-1]
    if turned < 0:
        draw_buttons(canvas, "reply", page.replies, button_cells(theme, rest, len(page.replies)))
        spec = ButtonSpec(Label("more", page.fewer), theme.palette.action, TurnPage(0, "more"))
        draw_action(canvas, "next", onward, said_whole(theme, spec, onward))
        return
    if turned == 0:
        spec = ButtonSpec(Label("fewer", frame.more), theme.palette.action, TurnPage(-1, "fewer"))
        draw_action(canvas, "next", before, said_whole(theme, spec, before))
    _draw_bubbles(canvas, page, body, turned)


def _draw_typing(canvas: Canvas, page: ChatPage, keyboard: Keyboard, frame: Frame) -> None:
    """Draw the keyboard as large as possible, with the last messages above if they fit."""
    theme = canvas.theme
    margin = theme.mm(MARGIN_MM - 1)
    body = frame.content._replace(y=frame.content.y - margin, height=frame.content.height + margin)
    back, place = button_spec(theme.palette, page.write), back_place(theme, frame.foot)
    draw_action(canvas, "back", place, said_whole(theme, back, place))
    keys, rest = body.foot(min(body.height, keyboard_height(theme, body.width)), theme.mm(2))
    draw_keyboard(canvas, keys, keyboard)
    if page.bubbles and rest.height > theme.mm(LEAST_CHOICE_MM):
        _draw_bubbles(canvas, page, rest, 0)


def _draw_replies(canvas: Canvas, replies: Sequence[Button], body: Box) -> Box:
    """Draw as many replies as fit: in a column, or at the bottom of an upright panel."""
    theme = canvas.theme
    if not theme.panel.is_upright:
        place, rest = body.end(max(theme.mm(LEAST_REPLY_MM), body.width * 24 // 100), theme.gap)
        rows = max(1, (body.height + theme.gap) // (theme.action + theme.gap))
        shown = list(replies[:rows])
        cells = place.grid(1, rows, theme.gap)
        draw_buttons(canvas, "reply", shown, cells)
        return rest
    columns = max(1, (body.width + theme.gap) // (theme.mm(LEAST_REPLY_MM) + theme.gap))
    shown = list(replies[: columns * 2])
    rows = -(-len(shown) // columns)
    place, body = body.foot(rows * (theme.action + theme.gap) - theme.gap, theme.gap)
    draw_buttons(canvas, "reply", shown, place.grid(min(columns, len(shown)), rows, theme.gap))
    return body


class _Set(NamedTuple):
    bubble: Bubble
    name: Fitted
    text: Fitted
    height: int


def _draw_bubbles(canvas: Canvas, page: ChatPage, body: Box, turned: int) -> None:
    theme = canvas.theme
    if not page.bubbles:
        canvas.words("chat.words", page.words, body, TextStyle("body", theme.palette.room.soft, "middle"))
        return
    if theme.has_large_text:
        _draw_large_bubble(canvas, page, body, turned)
        return
    settings = [_set(canvas, bubble, body) for bubble in page.bubbles]
    pages = _pages(settings, body.height, theme.mm(BUBBLE_GAP_MM))
    turned = min(turned, len(pages) - 1)
    if len(pages) > 1 and body.height >= 2 * theme.action + theme.gap:
        body, (upper, lower) = column_of_arrows(theme, body)
        draw_arrows(canvas, ("chat", page.fewer, page.more), (turned, len(pages) - 1), [lower, upper])
        settings = [_set(canvas, bubble, body) for bubble in page.bubbles]
        pages = _pages(settings, body.height, theme.mm(BUBBLE_GAP_MM))
        turned = min(turned, len(pages) - 1)
    shown = pages[turned]
    heights = [min(body.height, settings[index].height) for index in shown]
    gap = theme.mm(BUBBLE_GAP_MM)
    block = body.foot(sum(heights) + gap * (len(heights) - 1))[0]
    for index, cell in zip(shown, block.rows(heights, gap), strict=True):
        _draw_bubble(canvas, f"bubble.{index}", settings[index], cell)


def _draw_large_bubble(canvas: Canvas, page: ChatPage, body: Box, turned: int) -> None:
    """Draw one message, or a part of it, in large letters; the newest first."""
    theme = canvas.theme
    arrows, room = body.foot(theme.action, theme.gap)
    inside = inside_card(theme, room)
    parts = []
    for bubble in reversed(page.bubbles):
        paint = theme.palette.card if bubble.is_own else theme.palette.chosen
        parts += divided(canvas, TextBlock(bubble.name, bubble.text, paint), inside)
    turned = max(0, min(turned, len(parts) - 1))
    draw_arrows(
        canvas, ("chat", page.fewer, page.more), (turned, len(parts) - 1), arrows.grid(2, 1, theme.gap)
    )
    canvas.rectangle("bubble", room, parts[turned].paint)
    draw_text_block(canvas, "bubble", parts[turned], inside)


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


def _set(canvas: Canvas, bubble: Bubble, body: Box) -> _Set:
    theme = canvas.theme
    width = body.width * BUBBLE_SHARE // 100 - 2 * theme.mm(4)
    room = Box(0, 0, max(1, width), LIMITLESS)
    name = theme.fitted(bubble.name, "caption", room, lines=2)
    text = theme.fitted(bubble.text, "body", room._replace(height=body.height), lines=40)
    return _Set(bubble, name, text, name.height_px + text.height_px + 2 * theme.mm(2))


def _draw_bubble(canvas: Canvas, key: str, setting: _Set, cell: Box) -> None:
    theme, bubble = canvas.theme, setting.bubble
    paint = theme.palette.card if bubble.is_own else theme.palette.chosen
    width = max(setting.name.width_px, setting.text.width_px) + 2 * theme.mm(4)
    place = cell.left(width)[0] if bubble.is_own else cell.end(width)[0]
    canvas.rectangle(key, place, paint)
    upper, lower = place.inset(theme.mm(4), theme.mm(2)).top(setting.name.height_px)
    canvas.lettering(
        f"{key}.name", bubble.name, setting.name, upper, TextStyle("caption", paint.soft, rise="top")
    )
    canvas.lettering(
        f"{key}.text", bubble.text, setting.text, lower, TextStyle("body", paint.ink, rise="top")
    )


def _draw_words(canvas: Canvas, words: str, body: Box, *, whole: bool) -> Box:
    ink = canvas.theme.palette.room.ink
    if whole:
        canvas.words("choices.words", words, body, TextStyle("title", ink, "middle"))
        return body
    setting = canvas.theme.fitted(words, "body", body._replace(height=max(1, body.height // 3)), lines=4)
    head, rest = body.top(setting.height_px, canvas.theme.mm(3))
    canvas.lettering("choices.words", words, setting, head, TextStyle("body", ink, rise="top"))
    return rest
