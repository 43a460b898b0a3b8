"""Photos, decoded once at the size they are drawn."""

from functools import lru_cache
from pathlib import Path

from PIL import Image, ImageDraw, ImageOps
from PIL.JpegImagePlugin import JpegImageFile

LARGEST_PHOTO_PX = 40_000_000


def changed_ns(path: str, size_px: int) -> int | None:
    """Return the file's modification time; None if it cannot be shown."""
    try:
        changed = Path(path).stat().st_mtime_ns
    except (OSError, ValueError):
        return None
    return changed if round_photo(path, changed, size_px) else None


@lru_cache(maxsize=64)
def round_photo(path: str, _changed_ns: int, size_px: int) -> Image.Image | None:
    """Return the photo cropped to a disc, or None. The modification time refreshes the cache."""
    try:
        with _opened(path) as picture:
            if picture.width * picture.height > LARGEST_PHOTO_PX:
                return None
            picture.draft("RGB", (size_px, size_px))
            upright = ImageOps.exif_transpose(picture)
            photo = ImageOps.fit(upright.convert("RGB"), (size_px, size_px), Image.Resampling.LANCZOS)
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return None
    photo.putalpha(disc(size_px))
    return photo


def shape_of(path: str) -> tuple[int, int, int] | None:
    """Return width, height and modification time; None if it cannot be shown."""
    try:
        changed = Path(path).stat().st_mtime_ns
        with _opened(path) as picture:
            size = picture.size
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return None
    return (*size, changed) if 0 < size[0] * size[1] <= LARGEST_PHOTO_PX else None


@lru_cache(maxsize=4)
def whole_photo(path: str, _changed_ns: int, size_px: tuple[int, int]) -> Image.Image | None:
    """Return the photo scaled to this size with its aspect ratio, or None."""
    try:
        with _opened(path) as picture:
            picture.draft("RGB", size_px)
            return picture.convert("RGB").resize(size_px, Image.Resampling.LANCZOS).convert("RGBA")
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return None


def _opened(path: str) -> Image.Image:
    """Open a JPEG only: loading the decoders of other formats would take longer than the photos."""
    try:
        return JpegImageFile(path)
    except SyntaxError:
        return Image.open(path)


@lru_cache(maxsize=8)
def disc(size_px: int) -> Image.Image:
    """Return an antialiased round mask."""
    large = Image.new("L", (size_px * 4, size_px * 4), 0)
    ImageDraw.Draw(large).ellipse((0, 0, size_px * 4 - 1, size_px * 4 - 1), fill=255)
    return large.resize((size_px, size_px), Image.Resampling.LANCZOS)
