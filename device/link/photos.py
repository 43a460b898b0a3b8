"""Downloads contacts' photos by digest."""

from collections.abc import Iterable

import httpx

from device.link.https import DeskOverHttps
from device.store.photos import LARGEST_PHOTO_BYTES, PhotoError, PhotoShelf


async def fetch_photos(desk: DeskOverHttps, sha256s: Iterable[str], shelf: PhotoShelf) -> dict[str, str]:
    """Store each photo on the shelf; return the reason for each that failed."""
    failed: dict[str, str] = {}
    async with desk.client() as client:
        for sha256 in sha256s:
            try:
                shelf.put(sha256, await _get(client, f"/device/v1/photos/{sha256}"))
            except (httpx.HTTPError, PhotoError, OSError) as error:
                failed[sha256] = str(error) or type(error).__name__
    return failed


async def _get(client: httpx.AsyncClient, path: str) -> bytes:
    data = bytearray()
    async with client.stream("GET", path) as response:
        if response.status_code != httpx.codes.OK:
            raise PhotoError(f"the desk answered {response.status_code}")
        async for chunk in response.aiter_bytes():
            data += chunk
            if len(data) > LARGEST_PHOTO_BYTES:
                raise PhotoError(f"the photo is larger than {LARGEST_PHOTO_BYTES // 1_000_000} MB")
    return bytes(data)
