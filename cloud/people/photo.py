"""Photos of people: verified, scaled down, and without metadata."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from hashlib import sha256
from io import BytesIO
from typing import IO

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageOps, UnidentifiedImageError
from pillow_heif import register_heif_opener

from cloud.organisations.models import Organisation
from cloud.people.models import Photo

LARGEST_BYTES = 10_000_000
TOO_LARGE = _("The picture is too large: at most 10 MB, please.")
MOST_PIXELS = 50_000_000
SIDE_PX = 512
WHOLE_SIDE_PX = 1280
MEDIA_TYPES = "image/jpeg,image/png,image/webp,image/heic,image/heif"
FORMATS = ("JPEG", "PNG", "WEBP", "HEIF")
# One at a time, and always in this thread: each thread keeps the memory of its largest picture.
_reader = ThreadPoolExecutor(1, thread_name_prefix="photo")
PATIENCE_S = 20.0
# The format of phone cameras, ISO/IEC 23008-12.
register_heif_opener(thumbnails=False)
# Faces are in the upper part of a portrait.
CENTRE = (0.5, 0.35)


def square_jpeg(file: IO[bytes], size_bytes: int) -> bytes:
    """Return a square JPEG of at most 512 pixels a side. Raises ``ValidationError`` with readable text."""
    return _made(file, size_bytes, _small)


def whole_jpeg(file: IO[bytes], size_bytes: int) -> bytes:
    """Return a JPEG with its aspect ratio, at most 1280 pixels a side. Raises ``ValidationError``."""
    return _made(file, size_bytes, _shrunk)


def _made(file: IO[bytes], size_bytes: int, make: Callable[[Image.Image], bytes]) -> bytes:
    if size_bytes > LARGEST_BYTES:
        raise ValidationError(TOO_LARGE, code="large")
    reading = _reader.submit(_read, file, make)
    try:
        return reading.result(timeout=PATIENCE_S)
    except TimeoutError:
        reading.cancel()
        raise ValidationError(_("Many pictures are being read now. Please try again.")) from None
    except UnidentifiedImageError:
        raise ValidationError(
            _("This is not a picture we can read. JPEG, PNG, WebP or HEIC, please.")
        ) from None
    except (OSError, EOFError, RuntimeError, ValueError, SyntaxError, Image.DecompressionBombError):
        raise ValidationError(_("The picture is broken. Please choose another.")) from None


def _read(file: IO[bytes], make: Callable[[Image.Image], bytes]) -> bytes:
    # Closing it frees its pixels before the next one is read.
    with closing(Image.open(file, formats=FORMATS)) as picture:
        if picture.width * picture.height > MOST_PIXELS:
            raise ValidationError(_("The picture has too many pixels: at most 50 million, please."))
        return make(picture)


def _small(picture: Image.Image) -> bytes:
    upright = _upright(picture, SIDE_PX, min)
    side = min(SIDE_PX, *upright.size)
    return _flat(ImageOps.fit(upright, (side, side), Image.Resampling.LANCZOS, centering=CENTRE))


def _shrunk(picture: Image.Image) -> bytes:
    upright = _upright(picture, WHOLE_SIDE_PX, max)
    upright.thumbnail((WHOLE_SIDE_PX, WHOLE_SIDE_PX), Image.Resampling.LANCZOS)
    return _flat(upright)


def _upright(picture: Image.Image, wanted_px: int, side: Callable[[tuple[int, int]], int]) -> Image.Image:
    """Scale down before anything is copied: each copy of 50 million pixels takes 200 MB."""
    picture.draft("RGB", (2 * wanted_px, 2 * wanted_px))
    picture.load()
    factor = side(picture.size) // (2 * wanted_px)
    reducible = picture.mode in ("L", "LA", "RGB", "RGBA") and factor > 1
    small = picture.reduce(factor) if reducible else picture
    return _eight_bits(ImageOps.exif_transpose(small)).convert("RGBA")


def _flat(upright: Image.Image) -> bytes:
    flat = Image.new("RGB", upright.size, "white")
    flat.paste(upright, mask=upright)
    out = BytesIO()
    flat.save(out, "JPEG", quality=86, optimize=True)
    return out.getvalue()


def _eight_bits(picture: Image.Image) -> Image.Image:
    """Convert 16 bits a pixel to 8: Pillow would clip at 255 and return white."""
    if not picture.mode.startswith("I"):
        return picture
    return picture.convert("I").point(lambda value: value / 256).convert("L")


def keep(jpeg: bytes, organisation: Organisation) -> Photo:
    """Store the photo once in each organisation, and return it."""
    photo, _is_new = Photo.objects.get_or_create(
        organisation=organisation,
        sha256=sha256(jpeg).hexdigest(),
        defaults={"content_type": "image/jpeg", "data": jpeg},
    )
    return photo


def forget_unused(organisation: Organisation) -> None:
    """Delete photos that are no longer used."""
    Photo.objects.filter(organisation=organisation, contact=None, resident=None).delete()
