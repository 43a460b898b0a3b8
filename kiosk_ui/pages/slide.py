"""A picture as large as it goes, with the time, and who sent it."""

from device.window_protocol.model import SlidePage
from kiosk_ui.canvas import Canvas, TextStyle
from kiosk_ui.pages.frame import Frame, back_place
from kiosk_ui.parts.action import button_spec, draw_action, said_whole
from kiosk_ui.scene import Target

WORDS_MM = 26.0


def draw_slide(canvas: Canvas, page: SlidePage, frame: Frame) -> None:
    """Touching the picture anywhere leads to the home page."""
    theme, palette = canvas.theme, canvas.theme.palette
    spec = button_spec(palette, page.back)
    place = back_place(theme, frame.foot)
    picture, below = frame.content, frame.foot.left(place.width, theme.gap)[1]
    if theme.panel.is_upright:
        below, picture = picture.foot(theme.mm(WORDS_MM), theme.gap)
    canvas.touchable(Target(picture, "slide", spec.action), palette.card)
    canvas.picture("slide.picture", page.photo, picture.inset(theme.mm(2)))
    draw_action(canvas, "back", place, said_whole(theme, spec, place))
    time, sender = (
        below.grid(2, 1, theme.gap) if theme.panel.is_upright or theme.has_large_text else below.grid(1, 2, 0)
    )
    canvas.words("slide.clock", frame.clock, time, TextStyle("headline", palette.room.ink, "middle", lines=1))
    canvas.words("slide.sender", page.words, sender, TextStyle("body", palette.room.soft, "middle", lines=2))
