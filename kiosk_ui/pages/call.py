"""The call page: the other person, video or face, and few buttons."""

import math
from collections.abc import Iterator

from device.window_protocol.intents import AnswerCall
from device.window_protocol.model import Button, CallPage
from kiosk_ui.boxes import Box
from kiosk_ui.pages.call_places import Places, around_face, counting, loudness_place, ringing, with_picture
from kiosk_ui.pages.frame import Frame
from kiosk_ui.parts.action import button_spec, draw_action, said_whole
from kiosk_ui.parts.loudness import draw_loudness
from kiosk_ui.parts.text_block import TextBlock, draw_text_block, fits_whole
from kiosk_ui.pen import FIGURE_HEIGHT, Pen, TextStyle
from kiosk_ui.text.fitting import Fitted
from kiosk_ui.text.raster import Align
from kiosk_ui.text.typefaces import width

# Thinner than the panel's margin, so that it never touches the help button.
BORDER_MM = 2.5
LARGEST_FACE_MM = 130.0
LEAST_FACE_MM = 12.0
LARGE_WORDS = 1.5


def draw_call(pen: Pen, page: CallPage, frame: Frame) -> None:
    """Draw a ringing, outgoing, counting or connected call."""
    if page.forced:
        frame = _draw_border(pen, frame)
    places = _places(pen, page, frame)
    _draw_face(pen, page, places.face)
    if page.state == "connected" and page.frames:
        pen.video("call.picture", page.frames, places.face)
    _draw_words(pen, page, places)
    if page.countdown:
        _draw_seconds(pen, page.countdown, places.seconds)
    if page.loudness:
        draw_loudness(pen, page.loudness, loudness_place(pen.theme, frame))
    _draw_buttons(pen, page, places)


def _draw_buttons(pen: Pen, page: CallPage, places: Places) -> None:
    main, aside = _buttons(page)
    if main:
        spec = button_spec(pen.theme.palette, main)
        draw_action(pen, "main", places.main, spec._replace(label=spec.label._replace(role="headline")))
    if aside:
        spec = button_spec(pen.theme.palette, aside)
        draw_action(pen, "aside", places.aside, said_whole(pen.theme, spec, places.aside))
    for button in page.buttons:
        if button not in (main, aside):
            pen.omit("call.button", button.words)


def _places(pen: Pen, page: CallPage, frame: Frame) -> Places:
    """Return the first layout in which all text fits, else the last."""
    for places in _offers(pen, page, frame):
        if _are_words_whole(pen, page, places):
            break
    return places


def _offers(pen: Pen, page: CallPage, frame: Frame) -> Iterator[Places]:
    loudness_px = loudness_place(pen.theme, frame).height + pen.theme.gap if page.loudness else 0
    match page.state:
        case "ringing":
            return ringing(pen.theme, frame)
        case "countdown":
            return counting(pen.theme, frame)
        case "connected" if page.frames:
            return with_picture(pen.theme, frame, _notice_height(pen, page, frame.foot), loudness_px)
    return around_face(pen.theme, frame, loudness_px)


def _buttons(page: CallPage) -> tuple[Button | None, Button | None]:
    """Return the primary button and another one; during a countdown there is no room for a second."""
    answer = next((button for button in page.buttons if isinstance(button.intent, AnswerCall)), None)
    other = next((button for button in page.buttons if not isinstance(button.intent, AnswerCall)), None)
    return (other, None) if page.state == "countdown" else (answer, other)


def _draw_face(pen: Pen, page: CallPage, box: Box) -> None:
    size = min(box.width, box.height, pen.theme.mm(LARGEST_FACE_MM))
    if size >= pen.theme.mm(LEAST_FACE_MM):
        pen.portrait("call.portrait", page.face, box.middle(size, size))


def _text_block(pen: Pen, page: CallPage) -> TextBlock:
    palette = pen.theme.palette
    align: Align = "middle" if pen.theme.panel.is_upright else "left"
    paint = palette.watched if page.forced else palette.room
    return TextBlock(page.headline, "\n".join(page.lines), paint, align, LARGE_WORDS)


def _draw_words(pen: Pen, page: CallPage, places: Places) -> None:
    """Draw who calls and why; forced calls and notices have a background of their own."""
    block = _text_block(pen, page)
    notice, box = _notice_and_words(pen, page, places)
    if notice:
        paint = pen.theme.palette.news
        pen.plate("call.notice", notice, paint, radius_px=pen.theme.mm(3))
        inside = _padded(pen, notice)
        pen.words("call.notice.words", page.notice, inside, TextStyle("caption", paint.ink, block.align))
    if page.forced:
        pen.plate("call.watched", box, block.paint)
        box = _draw_eye(pen, block, _padded(pen, box))
    draw_text_block(pen, "call", block, box)


def _draw_eye(pen: Pen, block: TextBlock, box: Box) -> Box:
    """Draw the eye beside or above the text, if there is room for both. Return what is left."""
    size = min(pen.theme.mm(18), box.height)
    across, below = box.left(size, pen.theme.mm(4)), box.top(size, pen.theme.mm(1))
    for icon, rest in (below, across) if box.height > box.width // 2 else (across, below):
        if fits_whole(pen, block, rest):
            pen.icon("call.watched.icon", "eye", icon.middle(size, size), block.paint.ink)
            return rest
    return box


def _are_words_whole(pen: Pen, page: CallPage, places: Places) -> bool:
    notice, box = _notice_and_words(pen, page, places)
    if notice and not pen.theme.fitted(page.notice, "caption", _padded(pen, notice)).is_whole:
        return False
    return fits_whole(pen, _text_block(pen, page), _padded(pen, box) if page.forced else box)


def _notice_and_words(pen: Pen, page: CallPage, places: Places) -> tuple[Box | None, Box]:
    """Return areas for notice and text, where the notice has none of its own."""
    if places.notice or not page.notice:
        return places.notice, places.words
    room = places.words._replace(height=places.words.height * 6 // 10)
    return places.words.foot(_notice_height(pen, page, room), pen.theme.mm(2))


def _notice_height(pen: Pen, page: CallPage, box: Box) -> int:
    """Return the notice's height; 0 without a notice."""
    if not page.notice:
        return 0
    inside = _padded(pen, box)
    return pen.theme.fitted(page.notice, "caption", inside).height_px + box.height - inside.height


def _padded(pen: Pen, box: Box) -> Box:
    return box.inset(pen.theme.mm(4), pen.theme.mm(1.5))


def _draw_seconds(pen: Pen, seconds: str, box: Box) -> None:
    """Draw large digits in a ring."""
    palette, size = pen.theme.palette, min(box.width, box.height)
    ring = box.middle(size, size)
    paint = palette.watched._replace(edge=palette.border)
    pen.plate("call.seconds.ring", ring, paint, radius_px=size // 2)
    height = min(size * 0.55, size * 0.62 / (width(seconds, "bold", 200) / 200) * FIGURE_HEIGHT)
    setting = Fitted((seconds,), "bold", max(1, int(height / FIGURE_HEIGHT)))
    place = ring.middle(setting.width_px, max(1, int(height)))
    pen.figures("call.seconds", setting, place, paint.ink)


def _draw_border(pen: Pen, frame: Frame) -> Frame:
    """Draw the border of a forced call (K5). Return the area inside."""
    theme = pen.theme
    thick = math.ceil(BORDER_MM * theme.panel.px_per_mm)
    wide, high = theme.panel.width_px, theme.panel.height_px
    paint = theme.palette.watched._replace(ground=theme.palette.border, edge=theme.palette.border)
    sides = {
        "top": Box(0, 0, wide, thick),
        "foot": Box(0, high - thick, wide, thick),
        "left": Box(0, thick, thick, high - 2 * thick),
        "right": Box(wide - thick, thick, thick, high - 2 * thick),
    }
    for name, side in sides.items():
        pen.plate(f"border.{name}", side, paint, radius_px=0)
    inset = theme.mm(1)
    content = frame.content.inset(inset, 0)
    return frame._replace(content=content.foot(content.height - inset)[0])
