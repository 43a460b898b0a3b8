"""Textures: made once for each look, kept while there is room."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Any

from kivy.graphics.texture import Texture
from PIL import Image, ImageDraw

from kiosk_ui.photos import round_photo
from kiosk_ui.scene import Photo, Words
from kiosk_ui.text.raster import ink

ROOM_BYTES = 24_000_000
SMOOTHING = 4


class TextureStore:
    """Least recently used textures go first."""

    def __init__(self) -> None:
        self._textures: OrderedDict[Hashable, Any] = OrderedDict()
        self._bytes = 0

    def words(self, words: Words) -> Any:
        key = (words.fitted, words.align)
        return self._get(key, lambda: _white(ink(words.fitted, words.align)))

    def photo(self, photo: Photo) -> Any:
        def decode() -> Image.Image:
            found = round_photo(photo.path, photo.changed_ns, photo.box.width)
            return found or Image.new("RGBA", (1, 1), (0, 0, 0, 0))

        return self._get(photo[1:] + (photo.box.width,), decode)

    def corners(self, radius_px: int) -> Any:
        """A rounded plate to be stretched between its corners."""
        return self._get(("plate", radius_px), lambda: _white(rounded(radius_px)))

    def ring(self, radius_px: int, edge_px: int) -> Any:
        """The edge of such a plate."""
        return self._get(("ring", radius_px, edge_px), lambda: _white(rounded(radius_px, edge_px)))

    def shadow(self, radius_px: int, spread_px: int) -> Any:
        """A soft plate, ``spread_px`` larger on every side."""
        return self._get(("shadow", radius_px, spread_px), lambda: _white(soft(radius_px, spread_px)))

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


def rounded(radius_px: int, edge_px: int = 0) -> Image.Image:
    """A grey picture of the smallest rounded square with that radius, filled or only its edge."""
    side = 2 * radius_px + 2
    large = Image.new("L", (side * SMOOTHING, side * SMOOTHING), 0)
    brush, outer = ImageDraw.Draw(large), radius_px * SMOOTHING
    brush.rounded_rectangle((0, 0, large.width - 1, large.height - 1), outer, fill=255)
    if edge_px:
        inset = edge_px * SMOOTHING
        inner = (inset, inset, large.width - 1 - inset, large.height - 1 - inset)
        if inner[2] > inner[0]:
            brush.rounded_rectangle(inner, max(0, outer - inset), fill=0)
    return large.resize((side, side), Image.Resampling.BOX)


def soft(radius_px: int, spread_px: int) -> Image.Image:
    """The same, blurred: drawn small and enlarged, which costs less than a filter."""
    side = 2 * (radius_px + 2 * spread_px) + 2
    coarse = max(1, spread_px // 3)
    small = Image.new("L", (max(4, side // coarse), max(4, side // coarse)), 0)
    inset = spread_px / coarse
    box = (inset, inset, small.width - 1 - inset, small.height - 1 - inset)
    ImageDraw.Draw(small).rounded_rectangle(box, radius_px / coarse, fill=255)
    for size in (small.width * 2 // 3, small.width):
        small = small.resize((max(3, size), max(3, size)), Image.Resampling.BICUBIC)
    return small.resize((side, side), Image.Resampling.BICUBIC)


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
