"""A drawing for each kind of piece. Only what differs from the last frame is touched."""

from typing import Any, Protocol

from kivy.graphics import BorderImage, Color, InstructionGroup, Rectangle

from kiosk_ui.boxes import Box
from kiosk_ui.drawing.textures import TextureStore
from kiosk_ui.palettes import Colour
from kiosk_ui.scene import Photo, Piece, Plate, Words
from kiosk_ui.text.raster import margin_px


class Drawing(Protocol):
    """A piece on the canvas."""

    group: Any

    def show(self, piece: Any) -> None: ...


class PlateDrawing:
    """Shadow, surface, edge: textures of corners, stretched in between."""

    def __init__(self, textures: TextureStore, height_px: int) -> None:
        self.group = InstructionGroup()
        self._textures = textures
        self._height_px = height_px
        self._colour, self._image = Color(1, 1, 1, 1), BorderImage()
        self._plate: Plate | None = None

    def show(self, plate: Plate) -> None:
        before, self._plate = self._plate, plate
        if before and before._replace(fill=plate.fill) == plate:
            self._colour.rgba = _rgba(plate.fill)
            return
        self.group.clear()
        if plate.shadow:
            self._add_shadow(plate, plate.shadow)
        self._colour, self._image = Color(*_rgba(plate.fill)), self._stretched(plate, None)
        self.group.add(self._colour)
        self.group.add(self._image)
        if plate.edge and plate.edge_px:
            self.group.add(Color(*_rgba(plate.edge)))
            self.group.add(self._stretched(plate, self._textures.ring(plate.radius_px, plate.edge_px)))

    def _stretched(self, plate: Plate, texture: Any) -> Any:
        place = _place(plate.box, self._height_px)
        if not plate.radius_px:
            return Rectangle(**place)
        border = (plate.radius_px,) * 4
        return BorderImage(texture=texture or self._textures.corners(plate.radius_px), border=border, **place)

    def _add_shadow(self, plate: Plate, colour: Colour) -> None:
        spread = max(4, plate.radius_px // 2)
        box = plate.box._replace(y=plate.box.y + spread // 3).inset(-spread)
        radius = min(plate.radius_px, (min(box.width, box.height) - 4 * spread) // 2)
        if radius < 1:
            return
        border = (radius + 2 * spread,) * 4
        self.group.add(Color(*_rgba(colour)))
        texture = self._textures.shadow(radius, spread)
        self.group.add(BorderImage(texture=texture, border=border, **_place(box, self._height_px)))


class WordsDrawing:
    """Words on whole pixels."""

    def __init__(self, textures: TextureStore, height_px: int) -> None:
        self.group = InstructionGroup()
        self._textures = textures
        self._height_px = height_px
        self._colour, self._image = Color(1, 1, 1, 1), Rectangle()
        self.group.add(self._colour)
        self.group.add(self._image)

    def show(self, words: Words) -> None:
        texture = self._textures.words(words)
        margin = margin_px(words.fitted)
        down = (words.box.height - words.fitted.height_px) // 2
        x, y = words.box.x - margin, words.box.y + down - margin
        place = _place(Box(x, y, texture.width, texture.height), self._height_px)
        self._colour.rgba = _rgba(words.colour)
        self._image.texture, self._image.pos, self._image.size = texture, place["pos"], place["size"]


class PhotoDrawing:
    """A round photo."""

    def __init__(self, textures: TextureStore, height_px: int) -> None:
        self.group = InstructionGroup()
        self._textures = textures
        self._height_px = height_px
        self._image = Rectangle()
        self.group.add(Color(1, 1, 1, 1))
        self.group.add(self._image)

    def show(self, photo: Photo) -> None:
        place = _place(photo.box, self._height_px)
        self._image.texture = self._textures.photo(photo)
        self._image.pos, self._image.size = place["pos"], place["size"]


DRAWINGS: dict[type[Piece], type[PlateDrawing | WordsDrawing | PhotoDrawing]] = {
    Plate: PlateDrawing,
    Words: WordsDrawing,
    Photo: PhotoDrawing,
}


def _place(box: Box, height_px: int) -> dict[str, tuple[int, int]]:
    """Kivy counts from the bottom."""
    return {"pos": (box.x, height_px - box.bottom), "size": (box.width, box.height)}


def _rgba(colour: Colour) -> tuple[float, float, float, float]:
    return colour.red / 255, colour.green / 255, colour.blue / 255, colour.opacity / 255
