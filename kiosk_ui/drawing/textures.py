"""A cache of textures by what they show; those not used lately are dropped."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Any, NamedTuple

from kivy.graphics.texture import Texture
from PIL import Image

from kiosk_ui.boxes import NOWHERE
from kiosk_ui.drawing.renderer import colour_order
from kiosk_ui.drawing.rounded_rectangles import rectangle_picture
from kiosk_ui.palettes import Colour
from kiosk_ui.photos import round_photo, whole_photo
from kiosk_ui.scene import Photo, RoundedRectangle, Text
from kiosk_ui.text.raster import ink

ROOM_BYTES = 24_000_000


class Stored(NamedTuple):
    """A texture, and its offset from the requested corner."""

    texture: Any
    right_px: int = 0
    down_px: int = 0


class TextureStore:
    """An LRU cache of textures."""

    def __init__(self) -> None:
        self._stored: OrderedDict[Hashable, Stored] = OrderedDict()
        self._bytes = 0

    def words(self, words: Text) -> Stored:
        """Return the texture of a coloured text."""

        def write() -> Stored:
            mask, right_px, down_px = ink(words.fitted, words.align)
            return Stored(_upload(_coloured(mask, words.colour)), right_px, down_px)

        return self._get((words.fitted, words.align, words.colour), write)

    def photo(self, photo: Photo) -> Stored:
        """Return the texture of a round photo, or a whole one."""

        def decode() -> Stored:
            if photo.is_round:
                found = round_photo(photo.path, photo.changed_ns, photo.box.width)
            else:
                found = whole_photo(photo.path, photo.changed_ns, (photo.box.width, photo.box.height))
            return Stored(_upload(found or Image.new("RGBA", (1, 1), (0, 0, 0, 0))))

        return self._get((*photo[1:], photo.box.width), decode)

    def rectangle(self, rectangle: RoundedRectangle) -> Stored:
        """Return the texture of a rectangle, to be stretched between its corners."""
        return self._get(
            rectangle._replace(box=NOWHERE), lambda: Stored(_upload(rectangle_picture(rectangle)))
        )

    def _get(self, key: Hashable, make: Callable[[], Stored]) -> Stored:
        if key in self._stored:
            self._stored.move_to_end(key)
            return self._stored[key]
        stored = self._stored[key] = make()
        self._bytes += _size(stored)
        while self._bytes > ROOM_BYTES and len(self._stored) > 1:
            _, oldest = self._stored.popitem(last=False)
            self._bytes -= _size(oldest)
        return stored


def _coloured(mask: Image.Image, colour: Colour) -> Image.Image:
    """Colour a mask: opaque ink with the mask as alpha."""
    picture = Image.new("RGBA", mask.size, colour)
    picture.putalpha(mask)
    return picture


def _upload(picture: Image.Image) -> Any:
    order = colour_order()
    texture = Texture.create(size=picture.size, colorfmt=order, icolorfmt="rgba")
    texture.mag_filter = texture.min_filter = "nearest"
    from_the_bottom = picture.tobytes("raw", order.upper(), 0, -1)
    texture.blit_buffer(from_the_bottom, colorfmt=order, bufferfmt="ubyte")
    return texture


def _size(stored: Stored) -> int:
    return int(stored.texture.width * stored.texture.height * 4)
