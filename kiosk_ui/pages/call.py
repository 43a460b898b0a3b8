"""The call page: the other person, video or face, and few buttons."""

import math
from collections.abc import Iterator

from device.window_protocol.intents import AnswerCall
from device.window_protocol.model import Button, CallPage
from kiosk_ui.boxes import Box
from kiosk_ui.canvas import FIGURE_HEIGHT, Canvas, TextStyle
from kiosk_ui.pages.call_places import Places, around_face, counting, loudness_place, ringing, with_picture
from kiosk_ui.pages.frame import Frame
from kiosk_ui.parts.action import button_spec, draw_action, said_whole
from kiosk_ui.parts.loudness import draw_loudness
from kiosk_ui.parts.text_block import TextBlock, draw_text_block, fits_whole
from kiosk_ui.text.fitting import Fitted
from kiosk_ui.text.raster import Align
from kiosk_ui.text.typefaces import width

# Thinner than the panel's margin, so that it never touches the help button.
BORDER_MM = 2.5
LARGEST_FACE_MM = 130.0
LEAST_FACE_MM = 12.0
LARGE_WORDS = 1.5


def draw_call(canvas: Canvas, page: CallPage, frame: Frame) -> None:
    """Draw a ringing, outgoing, counting or connected call."""
    if page.forced:
        frame = _draw_border(canvas, frame)
    places = _places(canvas, page, frame)
    _draw_face(canvas, page, places.face)
    if page.state == "connected" and page.frames:
        canvas.video("call.picture", page.frames, places.face)
    _draw_words(canvas, page, places)
    if page.countdown:
        _draw_seconds(canvas, page.countdown, places.seconds)
    if page.loudness:
        draw_loudness(canvas, page.loudness, loudness_place(canvas.theme, frame))
    _draw_buttons(canvas, page, places)


def _draw_buttons(canvas: Canvas, page: CallPage, places: Places) -> None:
    main, aside = _buttons(page)
    if main:
        spec = button_spec(canvas.theme.palette, main)
        draw_action(canvas, "main", places.main, spec._replace(label=spec.label._replace(role="headline")))
    if aside:
        spec = button_spec(canvas.theme.palette, aside)
        draw_action(canvas, "aside", places.aside, said_whole(canvas.theme, spec, places.aside))
    for button in page.buttons:
        if button not in (main, aside):
            canvas.omit("call.button", button.words)


def _places(canvas: Canvas, page: CallPage, frame: Frame) -> Places:
    """Return the first layout in which all text fits, else the last."""
    for places in _offers(canvas, page, frame):
        if _are_words_whole(canvas, page, places):
            break
    return places


def _offers(canvas: Canvas, page: CallPage, frame: Frame) -> Iterator[Places]:
    loudness_px = loudness_place(canvas.theme, frame).height + canvas.theme.gap if page.loudness else 0
    match page.state:
        case "ringing":
            return ringing(canvas.theme, frame)
        case "countdown":
            return counting(canvas.theme, frame)
        case "connected" if page.frames:
            return with_picture(canvas.theme, frame, _notice_height(canvas, page, frame.foot), loudness_px)
    return around_face(canvas.theme, frame, loudness_px)


def _buttons(page: CallPage) -> tuple[Button | None, Button | None]:
    """Return the primary button and another one; during a countdown there is no room for a second."""
    answer = next((button for button in page.buttons if isinstance(button.intent, AnswerCall)), None)
    other = next((button for button in page.buttons if not isinstance(button.intent, AnswerCall)), None)
    return (other, None) if page.state == "countdown" else (answer, other)


def _draw_face(canvas: Canvas, page: CallPage, box: Box) -> None:
    size = min(box.width, box.height, canvas.theme.mm(LARGEST_FACE_MM))
    if size >= canvas.theme.mm(LEAST_FACE_MM):
        canvas.portrait("call.portrait", page.face, box.middle(size, size))


def _text_block(canvas: Canvas, page: CallPage) -> TextBlock:
    palette = canvas.theme.palette
    align: Align = "middle" if canvas.theme.panel.is_upright else "left"
    paint = palette.watched if page.forced else palette.room
    return TextBlock(page.headline, "\n".join(page.lines), paint, align, LARGE_WORDS)


def _draw_words(canvas: Canvas, page: CallPage, places: Places) -> None:
    """Draw who calls and why; forced calls and notices have a background of their own."""
    block = _text_block(canvas, page)
    notice, box = _notice_and_words(canvas, page, places)
    if notice:
        paint = canvas.theme.palette.news
        canvas.rectangle("call.notice", notice, paint, radius_px=canvas.theme.mm(3))
        inside = _padded(canvas, notice)
        canvas.words("call.notice.words", page.notice, inside, TextStyle("caption", paint.ink, block.align))
    if page.forced:
        canvas.rectangle("call.watched", box, block.paint)
        box = _draw_eye(canvas, block, _padded(canvas, box))
    draw_text_block(canvas, "call", block, box)


def _draw_eye(canvas: Canvas, block: TextBlock, box: Box) -> Box:
    """Draw the eye beside or above the text, if there is room for both. Return what is left."""
    size = min(canvas.theme.mm(18), box.height)
    across, below = box.left(size, canvas.theme.mm(4)), box.top(size, canvas.theme.mm(1))
    for icon, rest in (below, across) if box.height > box.width // 2 else (across, below):
        if fits_whole(canvas, block, rest):
            canvas.icon("call.watched.icon", "eye", icon.middle(size, size), block.paint.ink)
            return rest
    return box


def _are_words_whole(canvas: Canvas, page: CallPage, places: Places) -> bool:
    notice, box = _notice_and_words(canvas, page, places)
    if notice and not canvas.theme.fitted(page.notice, "caption", _padded(canvas, notice)).is_whole:
        return False
    return fits_whole(canvas, _text_block(canvas, page), _padded(canvas, box) if page.forced else box)


def _notice_and_words(canvas: Canvas, page: CallPage, places: Places) -> tuple[Box | None, Box]:
    """Return areas for notice and text, where the notice has none of its own."""
    if places.notice or not page.notice:
        return places.notice, places.words
    room = places.words._replace(height=places.words.height * 6 // 10)
    return places.words.foot(_notice_height(canvas, page, room), canvas.theme.mm(2))


def _notice_height(canvas: Canvas, page: CallPage, box: Box) -> int:
    """Return the notice's height; 0 without a notice."""
    if not page.notice:
        return 0
    inside = _padded(canvas, box)
    return canvas.theme.fitted(page.notice, "caption", inside).height_px + box.height - inside.height


def _padded(canvas: Canvas, box: Box) -> Box:
    return box.inset(canvas.theme.mm(4), canvas.theme.mm(1.5))


def _draw_seconds(canvas: Canvas, seconds: str, box: Box) -> None:
    """Draw large digits in a ring."""
    palette, size = canvas.theme.palette, min(box.width, box.height)
    ring = box.middle(size, size)
    paint = palette.watched._replace(edge=palette.border)
    canvas.rectangle("call.seconds.ring", ring, paint, radius_px=size // 2)
    height = min(size * 0.55, size * 0.62 / (width(seconds, "bold", 200) / 200) * FIGURE_HEIGHT)
    setting = Fitted((seconds,), "bold", max(1, int(height / FIGURE_HEIGHT)))
    place = ring.middle(setting.width_px, max(1, int(height)))
    canvas.figures("call.seconds", setting, place, paint.ink)


def _draw_border(canvas: Canvas, frame: Frame) -> Frame:
    """Draw the border of a forced call (K5). Return the area inside."""
    theme = canvas.theme
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
        canvas.rectangle(f"border.{name}", side, paint, radius_px=0)
    inset = theme.mm(1)
    content = frame.content.inset(inset, 0)
    return frame._replace(content=content.foot(content.height - inset)[0])
