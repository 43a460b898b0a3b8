"""A drawing for each kind of piece, updated only where it differs from the last frame."""

from typing import Any, Protocol

from kivy.graphics import BorderImage, Rectangle

from kiosk_ui.boxes import NOWHERE, Box
from kiosk_ui.drawing.rounded_rectangles import border_px, margin_px
from kiosk_ui.drawing.textures import TextureStore
from kiosk_ui.scene import Photo, Piece, RoundedRectangle, Text


class Drawing(Protocol):
    """A piece on the canvas: Kivy's instructions, in drawing order.

    ``reach`` is everything that it paints, also shadows and strokes.
    """

    groups: tuple[Any, ...]
    reach: Box

    def show(self, piece: Any) -> None:
        """Change what is drawn to this piece of the Scene."""


class RectangleDrawing:
    """A small picture, stretched between its corners."""

    def __init__(self, textures: TextureStore, height_px: int) -> None:
        self._textures = textures
        self._height_px = height_px
        self._image = BorderImage()
        self.groups = (self._image,)
        self.reach = NOWHERE

    def show(self, rectangle: RoundedRectangle) -> None:
        """Change picture, border and place of a rectangle."""
        self.reach = rectangle.box.inset(-margin_px(rectangle))
        place = _place(self.reach, self._height_px)
        self._image.texture = self._textures.rectangle(rectangle).texture
        self._image.border = (border_px(rectangle),) * 4
        self._image.pos, self._image.size = place["pos"], place["size"]


class TextDrawing:
    """Text on whole pixels, so that its texture is not blurred."""

    def __init__(self, textures: TextureStore, height_px: int) -> None:
        self._textures = textures
        self._height_px = height_px
        self._image = Rectangle()
        self.groups = (self._image,)
        self.reach = NOWHERE

    def show(self, words: Text) -> None:
        """Change the words' picture and place, vertically centred in their box."""
        texture, right, down = self._textures.words(words)
        down += (words.box.height - words.fitted.height_px) // 2
        self.reach = Box(words.box.x + right, words.box.y + down, texture.width, texture.height)
        place = _place(self.reach, self._height_px)
        self._image.texture, self._image.pos, self._image.size = texture, place["pos"], place["size"]


class PhotoDrawing:
    """A round photo, in a rectangle of its own texture."""

    def __init__(self, textures: TextureStore, height_px: int) -> None:
        self._textures = textures
        self._height_px = height_px
        self._image = Rectangle()
        self.groups = (self._image,)
        self.reach = NOWHERE

    def show(self, photo: Photo) -> None:
        """Change the photo and its place."""
        self.reach = photo.box
        place = _place(self.reach, self._height_px)
        self._image.texture = self._textures.photo(photo).texture
        self._image.pos, self._image.size = place["pos"], place["size"]


DRAWINGS: dict[type[Piece], type[RectangleDrawing | TextDrawing | PhotoDrawing]] = {
    RoundedRectangle: RectangleDrawing,
    Text: TextDrawing,
    Photo: PhotoDrawing,
}


def covers(rectangle: RoundedRectangle, place: Box) -> bool:
    """Return whether the rectangle's own colour covers the area completely."""
    return rectangle.fill.opacity == 255 and rectangle.box.inset(
        max(rectangle.radius_px, rectangle.edge_px)
    ).holds(place)


def _place(box: Box, height_px: int) -> dict[str, tuple[int, int]]:
    """Convert to Kivy's coordinates, which count from the bottom."""
    return {"pos": (box.x, height_px - box.bottom), "size": (box.width, box.height)}
