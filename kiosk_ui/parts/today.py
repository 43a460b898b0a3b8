"""The agenda's button, which opens the page of the day."""

from device.window_protocol.model import TodayTile
from kiosk_ui.boxes import Box
from kiosk_ui.canvas import Canvas, TextStyle, memoised
from kiosk_ui.scene import Target
from kiosk_ui.text.raster import Align

SMALL = 0.5
ROOMY_MM = 36.0


@memoised
def draw_today(canvas: Canvas, key: str, box: Box, tile: TodayTile) -> None:
    """Draw time and title in large text; above it whether it is now, and how many others there are."""
    theme = canvas.theme
    if tile.intent:
        paint = canvas.touchable(Target(box, key, tile.intent), theme.palette.card)
    else:
        paint = theme.palette.card
        canvas.rectangle(key, box, paint)
    inside = box.inset(theme.mm(3.5), 1)
    scale = SMALL if box.height < theme.mm(ROOMY_MM) else 1.0
    captions = [text for text in (tile.label, tile.detail) if text]
    widths = [canvas.measure(text, "caption", scale) + theme.mm(3) for text in captions]
    is_beside = sum(widths) <= inside.width
    line = theme.fitted("Åg", "caption", inside, lines=1, scale=scale).height_px
    above = line * (1 if is_beside else len(captions))
    room = inside._replace(height=max(1, inside.height - above))
    headline = theme.fitted(tile.headline, "title", room, lines=4, scale=min(1.5, box.height / theme.mm(40)))
    block = inside.middle(inside.width, min(inside.height, above + headline.height_px))
    head, rest = block.top(above)
    places = head.grid(1, 1 if is_beside else len(captions), 0) if captions else []
    if tile.label:
        canvas.words(
            f"{key}.label", tile.label, places[0], TextStyle("caption", paint.ink, lines=1, scale=scale)
        )
    if tile.detail:
        align: Align = "right" if tile.label and is_beside else "left"
        text_style = TextStyle("caption", paint.soft, align, lines=1, scale=scale)
        canvas.words(f"{key}.detail", tile.detail, places[-1], text_style)
    canvas.lettering(
        f"{key}.headline", tile.headline, headline, rest, TextStyle("title", paint.ink, rise="top")
    )
