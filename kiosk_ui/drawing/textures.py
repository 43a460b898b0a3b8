"""Textures: made once for each look, kept while there is room."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Any

from kivy.graphics.texture import Texture
from PIL import Image

from kiosk_ui.boxes import Box
from kiosk_ui.drawing.plates import plate_picture
from kiosk_ui.photos import round_photo
from kiosk_ui.scene import Photo, Plate, Words
from kiosk_ui.text.raster import ink

ROOM_BYTES = 24_000_000
NOWHERE = Box(0, 0, 0, 0)


class TextureStore:
    """Least recently used textures go first."""

    def __init__(self) -> None:
        self._textures: OrderedDict[Hashable, Any] = OrderedDict()
        self._bytes = 0

    def words(self, words: Words) -> Any:
        """White letters, to be coloured when drawn."""
        key = (words.fitted, words.align)
        return self._get(key, lambda: _white(ink(words.fitted, words.align)))

    def photo(self, photo: Photo) -> Any:
        """A round photo."""

        def decode() -> Image.Image:
            found = round_photo(photo.path, photo.changed_ns, photo.box.width)
            return found or Image.new("RGBA", (1, 1), (0, 0, 0, 0))

        return self._get((*photo[1:], photo.box.width), decode)

    def plate(self, plate: Plate) -> Any:
        """To be stretched between its corners."""
        return self._get(plate._replace(box=NOWHERE), lambda: plate_picture(plate))

    def _get(self, key: Hashable, make: Callable[[], Image.Image]) -> Any:
        if key in self._textures:
            self._textures.move_to_end(key)
            return self._textures[key]
        texture = _upload(make())
        self._textures[key] = texture
        self._bytes += _size(texture)
        while self._bytes > ROOM_BYTES and len(self._textures) > 1:
            _, oldest = self._textures.popitem(last=False)
            self._bytes -= _size(oldest)
        return texture


def _white(mask: Image.Image) -> Image.Image:
    white = Image.new("L", mask.size, 255)
    return Image.merge("RGBA", (white, white, white, mask))


def _upload(picture: Image.Image) -> Any:
    texture = Texture.create(size=picture.size, colorfmt="rgba")
    texture.mag_filter = texture.min_filter = "nearest"
    flipped = picture.transpose(Image.Transpose.FLIP_TOP_BOTTOM)
    texture.blit_buffer(flipped.tobytes(), colorfmt="rgba", bufferfmt="ubyte")
    return texture


def _size(texture: Any) -> int:
    return int(texture.width * texture.height * 4)
