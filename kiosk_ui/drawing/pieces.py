"""A drawing for each kind of piece, updated only where it differs from the last frame."""

from typing import Any, Protocol

from kivy.graphics import BorderImage, Rectangle

from kiosk_ui.boxes import NOWHERE, Box
from kiosk_ui.drawing.plates import border_px, margin_px
from kiosk_ui.drawing.textures import TextureStore
from kiosk_ui.scene import Photo, Piece, Plate, Words


class Drawing(Protocol):
    """A piece on the canvas: Kivy's instructions, in drawing order.

    ``reach`` is everything that it paints, also shadows and strokes.
    """

    groups: tuple[Any, ...]
    reach: Box

    def show(self, piece: Any) -> None:
        """Update the drawing."""


class PlateDrawing:
    """A small picture, stretched between its corners."""

    def __init__(self, textures: TextureStore, height_px: int) -> None:
        self._textures = textures
        self._height_px = height_px
        self._image = BorderImage()
        self.groups = (self._image,)
        self.reach = NOWHERE

    def show(self, plate: Plate) -> None:
        """Update the drawing."""
        self.reach = plate.box.inset(-margin_px(plate))
        place = _place(self.reach, self._height_px)
        self._image.texture = self._textures.plate(plate).texture
        self._image.border = (border_px(plate),) * 4
        self._image.pos, self._image.size = place["pos"], place["size"]


class WordsDrawing:
    """Text on whole pixels."""

    def __init__(self, textures: TextureStore, height_px: int) -> None:
        self._textures = textures
        self._height_px = height_px
        self._image = Rectangle()
        self.groups = (self._image,)
        self.reach = NOWHERE

    def show(self, words: Words) -> None:
        """Update the drawing."""
        texture, right, down = self._textures.words(words)
        down += (words.box.height - words.fitted.height_px) // 2
        self.reach = Box(words.box.x + right, words.box.y + down, texture.width, texture.height)
        place = _place(self.reach, self._height_px)
        self._image.texture, self._image.pos, self._image.size = texture, place["pos"], place["size"]


class PhotoDrawing:
    """A round photo."""

    def __init__(self, textures: TextureStore, height_px: int) -> None:
        self._textures = textures
        self._height_px = height_px
        self._image = Rectangle()
        self.groups = (self._image,)
        self.reach = NOWHERE

    def show(self, photo: Photo) -> None:
        """Update the drawing."""
        self.reach = photo.box
        place = _place(self.reach, self._height_px)
        self._image.texture = self._textures.photo(photo).texture
        self._image.pos, self._image.size = place["pos"], place["size"]


DRAWINGS: dict[type[Piece], type[PlateDrawing | WordsDrawing | PhotoDrawing]] = {
    Plate: PlateDrawing,
    Words: WordsDrawing,
    Photo: PhotoDrawing,
}


def covers(plate: Plate, place: Box) -> bool:
    """Return whether the plate's own colour covers the area completely."""
    return plate.fill.opacity == 255 and plate.box.inset(max(plate.radius_px, plate.edge_px)).holds(place)


def _place(box: Box, height_px: int) -> dict[str, tuple[int, int]]:
    """Convert to Kivy's coordinates, which count from the bottom."""
    return {"pos": (box.x, height_px - box.bottom), "size": (box.width, box.height)}
