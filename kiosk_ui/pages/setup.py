"""The wizard's own pages: text entry, camera picture, and a frame to measure with a bank card."""

from msgspec.structs import replace

from device.window_protocol.model import Button, MeasurePage, PicturePage, SetUpPage, TypingPage
from kiosk_ui.boxes import Box
from kiosk_ui.canvas import Canvas, TextStyle
from kiosk_ui.pages.frame import Frame, NamedSpec, back_place, draw_page
from kiosk_ui.parts.action import button_spec, draw_action
from kiosk_ui.parts.keyboard import draw_keyboard, keyboard_height
from kiosk_ui.theme import MARGIN_MM

# ISO/IEC 7810, ID-1.
CARD_WIDTH_MM, CARD_HEIGHT_MM = 85.6, 53.98
LEAST_WORDS_MM = 6.0
MOST_WORDS_MM = 26.0


def draw_setup_page(canvas: Canvas, page: SetUpPage, frame: Frame) -> None:
    """Draw one of the wizard's pages."""
    match page:
        case TypingPage():
            draw_typing(canvas, page, frame)
        case PicturePage():
            draw_picture(canvas, page, frame)
        case MeasurePage():
            draw_measure(canvas, page, frame)


def draw_typing(canvas: Canvas, page: TypingPage, frame: Frame) -> None:
    """Draw the keyboard as large as possible, with the text above it."""
    theme, margin = canvas.theme, canvas.theme.mm(MARGIN_MM - 1)
    body = frame.content._replace(y=frame.content.y - margin, height=frame.content.height + margin)
    draw_action(canvas, "back", back_place(theme, frame.foot), button_spec(theme.palette, page.back))
    keys, rest = body.foot(min(body.height, keyboard_height(theme, body.width)), theme.mm(2))
    draw_keyboard(canvas, keys, page.keyboard)
    aside = frame.foot.left(back_place(theme, frame.foot).width, theme.gap)[1]
    place = rest if rest.height >= theme.mm(2 * LEAST_WORDS_MM) else aside
    _draw_words(canvas, "typing.words", f"{page.title}\n{page.words}" if place is rest else page.words, place)


def draw_picture(canvas: Canvas, page: PicturePage, frame: Frame) -> None:
    """Draw the picture as large as possible, with an error above it."""
    # Where the picture comes a button comes with it, and the one that is there stays.
    body = draw_page(
        canvas, frame, page.title, page.back, *_acts(canvas, page.acts), room_for=2 if page.acts else 0
    )
    if page.words:
        head, body = body.top(canvas.theme.mm(MOST_WORDS_MM) // 2, canvas.theme.mm(2))
        _draw_words(canvas, "picture.words", page.words, head)
    canvas.rectangle("picture.ground", body, canvas.theme.palette.card)
    if page.frames:
        canvas.video("picture.video", page.frames, body)


def draw_measure(canvas: Canvas, page: MeasurePage, frame: Frame) -> None:
    """Draw the frame at the upper left, where a card can be held with one hand."""
    theme = canvas.theme
    measured = replace(theme.panel, width_mm=theme.panel.width_mm / page.scale)
    title = page.title if measured.is_large_enough else page.too_small
    body = draw_page(canvas, frame, title, page.back, *_acts(canvas, page.acts[:2]))
    same, body = body.foot(theme.mm(24), theme.gap)
    for spec in page.acts[2:]:
        draw_action(canvas, "same", same, button_spec(theme.palette, spec))
    width = min(body.width, theme.mm(CARD_WIDTH_MM * page.scale))
    height = min(body.height, theme.mm(CARD_HEIGHT_MM * page.scale))
    is_below = theme.panel.is_upright
    card, rest = body.top(height, theme.gap) if is_below else body.left(width, theme.gap)
    place = card._replace(width=width, height=height)
    paint = theme.palette.card
    canvas.rectangle("card", place, paint._replace(edge=paint.ink), radius_px=theme.mm(3.2))
    if measured.is_large_enough:
        _draw_words(canvas, "measure.words", page.words, rest)


def _acts(canvas: Canvas, acts: list[Button]) -> list[NamedSpec]:
    return [(f"act.{at}", button_spec(canvas.theme.palette, spec)) for at, spec in enumerate(acts)]


def _draw_words(canvas: Canvas, key: str, text: str, box: Box) -> None:
    canvas.words(key, text, box, TextStyle("body", canvas.theme.palette.room.ink, lines=6))
