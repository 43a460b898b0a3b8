"""Contacts' photos on disk, by the digest of their bytes."""

import hashlib
import io
from collections.abc import Iterable
from pathlib import Path

LARGEST_PHOTO_BYTES = 5_000_000
LARGEST_PHOTO_PIXELS = 12_000_000


class PhotoError(Exception):
    """A photo that cannot be shown; the message says why."""


class PhotoShelf:
    """Verified photos as files named by their digest."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self._there = {
            path.name for path in folder.iterdir() if len(path.name) == hashlib.sha256().digest_size * 2
        }

    def path_of(self, sha256: str) -> str | None:
        """Return the photo's path, or None while it is missing."""
        return str(self._folder / sha256) if sha256 in self._there else None

    def missing(self, wanted: Iterable[str]) -> list[str]:
        """Return the photos that still have to be fetched."""
        return [each for each in dict.fromkeys(wanted) if each not in self._there]

    def put(self, sha256: str, data: bytes) -> None:
        """Store a photo. Raises ``PhotoError`` where its digest or image data is wrong."""
        if hashlib.sha256(data).hexdigest() != sha256:
            raise PhotoError("the photo is not the one that was named: its digest differs")
        from PIL import Image

        try:
            with Image.open(io.BytesIO(data)) as image:
                if image.width * image.height > LARGEST_PHOTO_PIXELS:
                    raise PhotoError(f"the photo is too large: {image.width}×{image.height} pixels")
                image.verify()
        except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
            raise PhotoError(f"the photo cannot be read: {error}") from None
        partial = self._folder / f"{sha256}.part"
        partial.write_bytes(data)
        partial.replace(self._folder / sha256)
        self._there.add(sha256)

    def tidy(self, wanted: Iterable[str]) -> None:
        """Delete photos of people who are no longer on the list."""
        for name in self._there - set(wanted):
            (self._folder / name).unlink(missing_ok=True)
            self._there.discard(name)
