"""A contact's button: portrait, name, and availability."""

from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from device.window_protocol.model import Face
from kiosk_ui.boxes import Box
from kiosk_ui.canvas import Canvas, TextStyle, memoised
from kiosk_ui.scene import Target
from kiosk_ui.text.fitting import Fitted
from kiosk_ui.text.raster import Align
from kiosk_ui.theme import Theme

TIGHT = 0.5
SCALES = (1.45, 1.2, 1.0, TIGHT)
LYING_PORTRAITS = (42, 34, 27, 20)
LEAST_PORTRAIT_MM = 15.0


class FaceSetting(NamedTuple):
    """The common layout of faces side by side. ``whole`` counts those without cut text."""

    upright: bool
    portrait_px: int
    scale: float
    whole: int


class _Words(NamedTuple):
    name: Fitted
    presence: Fitted

    @property
    def height_px(self) -> int:
        return self.name.height_px + self.presence.height_px


@lru_cache(maxsize=256)
def set_alike(theme: Theme, cell: Box, faces: tuple[Face, ...], *, upright: bool) -> FaceSetting:
    """Return the layout in which most faces have complete text; of several, the largest."""
    inside = _inside(theme, cell)
    best = FaceSetting(upright, 1, 1.0, -1)
    for scale in SCALES:
        for setting in (
            _upright(theme, inside, faces, scale) if upright else _lying(theme, inside, faces, scale)
        ):
            if setting.whole > best.whole:
                best = setting
            if best.whole == len(faces):
                return best
    return best


def best_alike(theme: Theme, cell: Box, faces: tuple[Face, ...]) -> FaceSetting:
    """Return photos above or beside the text: more complete text first, then larger photos."""
    settings = [set_alike(theme, cell, faces, upright=upright) for upright in (False, True)]
    return max(settings, key=lambda setting: (setting.whole, setting.scale, setting.portrait_px))


@memoised
def draw_face(canvas: Canvas, key: str, box: Box, face: Face, setting: FaceSetting) -> None:
    """Draw the photo above or beside the text."""
    paint = canvas.touchable(Target(box, key, face.intent), canvas.theme.palette.card)
    inside, size = _inside(canvas.theme, box), setting.portrait_px
    if setting.upright:
        picture, text = inside.top(size, canvas.theme.mm(1))
        words = _words(canvas.theme, face, text, setting.scale)
        slack = max(0, text.height - words.height_px) // 2
        picture, block = picture._replace(y=picture.y + slack // 2), text._replace(y=text.y + slack // 2)
    else:
        picture, text = inside.left(size, canvas.theme.mm(3))
        words = _words(canvas.theme, face, text, setting.scale)
        block = text.middle(text.width, words.height_px)
    place = picture.middle(size, size)
    canvas.portrait(f"{key}.portrait", face, place)
    draw_presence_sign(canvas, key, place, face)
    align: Align = "middle" if setting.upright else "left"
    upper, lower = block.top(words.name.height_px)
    canvas.lettering(
        f"{key}.name", face.name, words.name, upper, TextStyle("strong", paint.ink, align, "top")
    )
    if face.presence_words:
        presence = face.presence_words
        canvas.lettering(
            f"{key}.presence", presence, words.presence, lower, TextStyle("caption", paint.soft, align, "top")
        )


def draw_presence_sign(canvas: Canvas, key: str, portrait: Box, face: Face) -> None:
    """Draw the availability icon at the portrait's edge, recognisable by shape as well as colour."""
    palette = canvas.theme.palette
    size = min(
        canvas.theme.mm(16), max(canvas.theme.mm(6), portrait.width * 24 // 100), portrait.width * 36 // 100
    )
    corner = Box(portrait.right - size, portrait.bottom - size, size, size)
    colour = {"available": palette.available, "busy": palette.busy, "away": palette.away}[face.presence]
    canvas.rectangle(
        f"{key}.sign-ground", corner, palette.card._replace(edge=palette.card.ground), radius_px=size // 2
    )
    canvas.icon(f"{key}.sign", face.presence, corner.inset(max(1, size // 14)), colour)


def _inside(theme: Theme, cell: Box) -> Box:
    return cell.inset(theme.mm(2.5), theme.mm(1.0))


def _upright(theme: Theme, inside: Box, faces: Sequence[Face], scale: float) -> list[FaceSetting]:
    least = max(theme.mm(LEAST_PORTRAIT_MM), inside.height * (45 if scale > TIGHT else 28) // 100)
    room = inside._replace(height=max(1, inside.height - least))
    words = [_words(theme, face, room, scale) for face in faces]
    highest = max(one.height_px for one in words)
    size = max(1, min(inside.width, inside.height - highest - theme.mm(1)))
    return [FaceSetting(True, size, scale, _count_whole(theme, words, scale))]


def _lying(theme: Theme, inside: Box, faces: Sequence[Face], scale: float) -> list[FaceSetting]:
    settings = []
    for share in LYING_PORTRAITS:
        size = min(inside.height, inside.width * share // 100)
        text = inside.left(size, theme.mm(3))[1]
        words = [_words(theme, face, text, scale) for face in faces]
        settings.append(FaceSetting(False, size, scale, _count_whole(theme, words, scale)))
    return settings


def _words(theme: Theme, face: Face, box: Box, scale: float) -> _Words:
    return _Words(
        *theme.two_fitted((face.name, "strong"), (face.presence_words, "caption"), box, scale=scale)
    )


def _count_whole(theme: Theme, words: Sequence[_Words], scale: float) -> int:
    name_px = theme.type_size("strong", scale).largest_px
    presence_px = theme.type_size("caption", scale).largest_px
    return sum(
        one.name.is_whole
        and one.presence.is_whole
        and one.name.size_px == name_px
        and one.presence.size_px == presence_px
        for one in words
    )
