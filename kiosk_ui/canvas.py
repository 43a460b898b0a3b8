"""Builds a Scene: a canvas with methods for text, rectangles, icons and portraits."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, Literal, NamedTuple, ParamSpec

from device.window_protocol.intents import Intent
from device.window_protocol.model import Face, Icon
from kiosk_ui.boxes import Box
from kiosk_ui.palettes import Colour, Paint, contrast
from kiosk_ui.photos import changed_ns, shape_of
from kiosk_ui.scene import OverflowText, Photo, Piece, RoundedRectangle, Scene, Target, Text, Video
from kiosk_ui.text.fitting import Fitted, TypeSize, fit
from kiosk_ui.text.raster import Align
from kiosk_ui.text.typefaces import width
from kiosk_ui.theme import Role, Theme

FIGURE_HEIGHT = 0.7
EDGE_MM = 0.7
# Minimum contrast of a button's edge against the background (WCAG 2.2, 1.4.11).
EDGE_CONTRAST = 3.0
Rise = Literal["top", "middle", "foot"]
Sign = (
    Icon
    | Literal[
        "done", "now", "ahead", "available", "busy", "away", "more", "fewer", "erase", "shift", "sun", "moon"
    ]
)

ICON_CODES: dict[Sign, str] = {
    "help": "\uf09e",
    "urgent": "\uf3f6",
    "mute": "\uf581",
    "sound": "\uf57e",
    "home": "\uf2dc",
    "cafe": "\uf176",
    "calendar": "\uf0ed",
    "person": "\uf004",
    "clock": "\uf150",
    "no-link": "\uf5aa",
    "wifi": "\uf5a9",
    "eye": "\uf208",
    "call": "\uf3f2",
    "hang-up": "\uf3f5",
    "visits": "\uf148",
    "people": "\uf00e",
    "letters": "\uf02c",
    "message": "\uf369",
    "photo": "\uf2e9",
    "heart": "\uf2d1",
    "pill": "\uf402",
    "check": "\uf12c",
    "undo": "\uf54c",
    "write": "\uf3eb",
    "read-aloud": "\uf0e6",
    "softer": "\uf57f",
    "louder": "\uf57e",
    "chat": "\uf28c",
    "camera": "\uf567",
    "face-good": "\uf1f5",
    "face-fair": "\uf1f6",
    "face-bad": "\uf1f8",
    "done": "\uf5e0",
    "cancel": "\uf159",
    "now": "\uf43e",
    "ahead": "\uf130",
    "available": "\uf5e0",
    "busy": "\uf376",
    "away": "\uf130",
    "erase": "\uf06e",
    "shift": "\uf636",
    "sun": "\uf599",
    "moon": "\uf594",
    "more": "\uf055",
    "fewer": "\uf04e",
}


class TextStyle(NamedTuple):
    """A text style: appearance and alignment."""

    role: Role
    colour: Colour
    align: Align = "left"
    rise: Rise = "middle"
    lines: int = 12
    scale: float = 1.0


class Canvas:
    """Collects one frame. Keys identify a piece, so that the next frame changes only what differs."""

    def __init__(self, theme: Theme, pressed: str | None = None) -> None:
        self.theme = theme
        self._pressed = pressed
        self._pieces: dict[str, Piece] = {}
        self._targets: list[Target] = []
        self._cut: list[OverflowText] = []

    @property
    def is_whole(self) -> bool:
        """Return whether no text is cut, broken, or smaller than it must be."""
        texts = (piece.fitted for piece in self._pieces.values() if isinstance(piece, Text))
        return not self._cut and all(text.is_whole for text in texts)

    def scene(self, ground: Colour) -> Scene:
        """Return the Scene drawn so far."""
        return Scene(ground, self._pieces, tuple(self._targets), tuple(self._cut))

    def rectangle(self, key: str, box: Box, paint: Paint, *, radius_px: int | None = None) -> None:
        """Add a surface without edge or shadow, so that it does not look touchable."""
        edge = paint.edge if paint.edge != paint.ground else None
        self._rectangle(key, box, paint, (edge, None), radius_px)

    def touchable(self, target: Target, paint: Paint) -> Paint:
        """Add a touchable surface. Return the paint of its content: it darkens while pressed."""
        palette = self.theme.palette
        if target.key == self._pressed:
            paint = paint._replace(ground=paint.ground.mixed(paint.ink, 0.22), edge=paint.ink, soft=paint.ink)
        elif contrast(paint.edge, palette.room.ground) < EDGE_CONTRAST:
            paint = paint._replace(edge=palette.outline)
        shadow = palette.shadow if palette.shadow.opacity else None
        self._rectangle(target.key, target.box, paint, (paint.edge, shadow), None)
        self._targets.append(target)
        return paint

    def reacts(self, key: str, on: str, action: Intent) -> None:
        """What was drawn under this key takes touches too, and does not look so."""
        if piece := self._pieces.get(on):
            self._targets.append(Target(piece.box, key, action))

    def _rectangle(
        self,
        key: str,
        box: Box,
        paint: Paint,
        edge_and_shadow: tuple[Colour | None, Colour | None],
        radius_px: int | None,
    ) -> None:
        edge, shadow = edge_and_shadow
        radius = min(self.theme.radius if radius_px is None else radius_px, box.width // 2, box.height // 2)
        edge_px = self.theme.mm(EDGE_MM) if edge else 0
        self._pieces[key] = RoundedRectangle(box, paint.ground, radius, edge, edge_px, shadow)

    def words(self, key: str, text: str, box: Box, text_style: TextStyle) -> Box:
        """Add text in a box. Return the area it takes."""
        fitted = self.theme.fitted(text, text_style.role, box, lines=text_style.lines, scale=text_style.scale)
        return self.lettering(key, text, fitted, box, text_style)

    def lettering(self, key: str, text: str, fitted: Fitted, box: Box, text_style: TextStyle) -> Box:
        """Add text that was fitted before."""
        if not text.strip():
            return box._replace(height=0)
        across = {
            "left": 0,
            "middle": (box.width - fitted.width_px) // 2,
            "right": box.width - fitted.width_px,
        }
        down = {
            "top": 0,
            "middle": (box.height - fitted.height_px) // 2,
            "foot": box.height - fitted.height_px,
        }
        place = Box(
            box.x + across[text_style.align], box.y + down[text_style.rise], fitted.width_px, fitted.height_px
        )
        self._pieces[key] = Text(place, fitted, text_style.colour, text_style.align, text_style.role)
        if not fitted.is_readable:
            self._cut.append(OverflowText(key, text, " ".join(fitted.lines)))
        return place

    def figures(self, key: str, setting: Fitted, place: Box, colour: Colour) -> None:
        """Add digits without the ascender and descender space of letters."""
        self._pieces[key] = Text(place, setting, colour, "middle", "figures")

    def icon(self, key: str, sign: Sign, box: Box, colour: Colour) -> None:
        """Add a centred icon, as large as the box allows."""
        size = min(box.width, box.height)
        glyph = Fitted((ICON_CODES[sign],), "icon", size)
        square = box.middle(size, size)
        place = square._replace(y=square.y - (glyph.line_px - size) // 2, height=glyph.line_px)
        self._pieces[key] = Text(place, glyph, colour, "middle", "icon")

    def portrait(self, key: str, face: Face, box: Box) -> None:
        """Add a round photo, or initials without a readable one."""
        if min(box.width, box.height) < 1:
            return
        if face.photo and self.round_photo(key, face.photo, box):
            return
        avatars = self.theme.palette.avatars
        paint = avatars[sum(face.name.encode()) % len(avatars)]
        self.rectangle(key, box, paint, radius_px=box.width // 2)
        size = TypeSize("bold", max(1, int(box.height * 0.42)), max(1, int(box.height * 0.12)))
        setting = fit(face.initials, size, int(box.width * 0.64), box.height, 1)
        place = box.middle(setting.width_px, int(setting.size_px * FIGURE_HEIGHT))
        if face.initials.strip():
            self._pieces[f"{key}.initials"] = Text(place, setting, paint.ink, "middle", "initials")

    def round_photo(self, key: str, path: str, box: Box) -> bool:
        """Add a photo cropped to a disc; return whether it can be read."""
        changed = changed_ns(path, box.width)
        if changed is not None:
            self._pieces[key] = Photo(box, path, changed)
        return changed is not None

    def picture(self, key: str, path: str, box: Box) -> None:
        """Add a whole photo, centred and as large as possible; an icon while it is missing."""
        shape = shape_of(path) if path else None
        if shape is None:
            size = min(box.width, box.height, self.theme.mm(30))
            self.icon(key, "photo", box.middle(size, size), self.theme.palette.card.soft)
            return
        width, height, changed = shape
        scale = min(box.width / width, box.height / height)
        place = box.middle(max(1, int(width * scale)), max(1, int(height * scale)))
        self._pieces[key] = Photo(place, path, changed, is_round=False)

    def video(self, key: str, path: str, box: Box) -> None:
        """Add a video, which covers what lies below it from its first frame on."""
        self._pieces[key] = Video(box, path, self.theme.palette.room.ground)

    def part(
        self, drawn: "Drawn | None", inputs: tuple[object, ...], draw: Callable[["Canvas"], None]
    ) -> "Drawn":
        """Add what ``draw`` draws, or reuse ``drawn`` where it was made from the same inputs."""
        made_from = self.theme, inputs
        if drawn is None or drawn.made_from != made_from or drawn.pressed != self._pressed_in(drawn.pieces):
            canvas = Canvas(self.theme, self._pressed)
            draw(canvas)
            pressed = self._pressed_in(canvas._pieces)
            drawn = Drawn(made_from, pressed, canvas._pieces, tuple(canvas._targets), tuple(canvas._cut))
        self._pieces |= drawn.pieces
        self._targets += drawn.targets
        self._cut += drawn.cut
        return drawn

    def _pressed_in(self, pieces: dict[str, Piece]) -> str | None:
        return self._pressed if self._pressed in pieces else None

    def omit(self, key: str, text: str) -> None:
        """Record a text that had no room."""
        self._cut.append(OverflowText(key, text, ""))

    def measure(self, text: str, role: Role, scale: float = 1.0) -> int:
        """Return the width of an unbroken line, in pixels."""
        weight, size, _ = self.theme.type_size(role, scale)
        return int(width(text, weight, size)) + 2


class Drawn(NamedTuple):
    """A drawn part of a page, its inputs, and the pressed target in it."""

    made_from: tuple[Theme, tuple[object, ...]]
    pressed: str | None
    pieces: dict[str, Piece]
    targets: tuple[Target, ...]
    cut: tuple[OverflowText, ...]


Inputs = ParamSpec("Inputs")


def memoised(
    draw: Callable[Concatenate[Canvas, Inputs], None],
) -> Callable[Concatenate[Canvas, Inputs], None]:
    """Decorator: a part with unchanged inputs is reused, under the same key if it has one."""
    last: dict[object, Drawn] = {}

    @wraps(draw)
    def draw_what_differs(canvas: Canvas, /, *inputs: Inputs.args, **named: Inputs.kwargs) -> None:
        key = inputs[0] if isinstance(inputs[0], str) else None
        last[key] = canvas.part(last.get(key), inputs, lambda part: draw(part, *inputs, **named))

    return draw_what_differs
