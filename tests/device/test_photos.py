"""Photos on the device: an invalid one is never shown, and the desk gets the reason."""

import hashlib
import io
import struct
import zlib
from pathlib import Path

import pytest
from PIL import Image

from device.store.photos import PhotoError, PhotoShelf


@pytest.fixture
def shelf(tmp_path: Path) -> PhotoShelf:
    return PhotoShelf(tmp_path)


def digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def encoded(image: Image.Image, format_: str, **options: object) -> bytes:
    out = io.BytesIO()
    image.save(out, format_, **options)
    return out.getvalue()


def huge_png(side_px: int) -> bytes:
    """A PNG that says it is that large, in a few bytes: a decompression bomb."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", side_px, side_px, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", b"") + chunk(b"IEND", b"")


def test_a_good_photo_is_kept_and_found_after_a_restart(shelf: PhotoShelf, tmp_path: Path) -> None:
    """Fetched once, there for ever."""
    data = encoded(Image.new("RGB", (64, 64), "teal"), "JPEG")
    shelf.put(digest(data), data)
    path = PhotoShelf(tmp_path).path_of(digest(data))
    assert path
    assert Path(path).read_bytes() == data
    assert shelf.missing([digest(data), "0" * 64]) == ["0" * 64]


def test_a_photo_with_another_digest_is_refused(shelf: PhotoShelf) -> None:
    """What was named is what is shown, and nothing else."""
    data = encoded(Image.new("RGB", (64, 64)), "JPEG")
    with pytest.raises(PhotoError, match="digest"):
        shelf.put("0" * 64, data)
    assert shelf.path_of("0" * 64) is None


@pytest.mark.parametrize("data", [b"", b"not a picture", b"\xff\xd8\xff\xe0 broken", b"<svg/>"])
def test_what_is_no_picture_is_refused(shelf: PhotoShelf, data: bytes) -> None:
    """The face stays with its initials."""
    with pytest.raises(PhotoError, match="cannot be read"):
        shelf.put(digest(data), data)


@pytest.mark.parametrize("side_px", [6400, 60_000])
def test_a_picture_of_forty_megapixels_or_more_is_refused(shelf: PhotoShelf, side_px: int) -> None:
    """Before a single pixel of it is decoded."""
    data = huge_png(side_px)
    with pytest.raises(PhotoError):
        shelf.put(digest(data), data)


def test_an_animated_picture_is_a_picture(shelf: PhotoShelf) -> None:
    """Its first frame is shown."""
    frames = [Image.new("P", (32, 32), colour) for colour in (1, 2, 3)]
    data = encoded(frames[0], "GIF", save_all=True, append_images=frames[1:])
    shelf.put(digest(data), data)
    assert shelf.path_of(digest(data))


def test_photos_of_people_who_left_are_deleted(shelf: PhotoShelf) -> None:
    """Personal data is kept no longer than it is needed."""
    data = encoded(Image.new("RGB", (8, 8)), "PNG")
    shelf.put(digest(data), data)
    path = shelf.path_of(digest(data))
    shelf.tidy([])
    assert shelf.path_of(digest(data)) is None
    assert path
    assert not Path(path).exists()
