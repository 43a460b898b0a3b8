"""Contacts' photos, fetched by their digest over HTTPS in this device's own name."""

import ssl
from collections.abc import Callable, Iterable
from datetime import datetime

import httpx
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from device.link.bearer import authorization
from device.settings import Identity
from device.store.photos import LARGEST_PHOTO_BYTES, PhotoError, PhotoShelf

_TIMEOUT_S = 15.0


class PhotoSource:
    """The desk, asked over HTTPS in this device's name."""

    def __init__(self, identity: Identity, now: Callable[[], datetime]) -> None:
        self._identity = identity
        self._now = now

    async def fetch(self, sha256s: Iterable[str], shelf: PhotoShelf) -> dict[str, str]:
        """Put each photo on the shelf; returns why for each that could not be."""
        failed: dict[str, str] = {}
        key = load_pem_private_key(self._identity.key.read_bytes(), None)
        if not isinstance(key, EllipticCurvePrivateKey):
            raise PhotoError("the device's key is not an elliptic-curve key")
        context = ssl.create_default_context(cafile=str(self._identity.authority))
        async with httpx.AsyncClient(
            base_url=self._identity.desk_url, verify=context, timeout=_TIMEOUT_S, trust_env=False
        ) as client:
            for sha256 in sha256s:
                headers = {"Authorization": authorization(self._identity.device, key, self._now())}
                try:
                    shelf.put(sha256, await _get(client, f"/device/v1/photos/{sha256}", headers))
                except (httpx.HTTPError, PhotoError, OSError) as error:
                    failed[sha256] = str(error) or type(error).__name__
        return failed


async def _get(client: httpx.AsyncClient, path: str, headers: dict[str, str]) -> bytes:
    data = bytearray()
    async with client.stream("GET", path, headers=headers) as response:
        if response.status_code != httpx.codes.OK:
            raise PhotoError(f"the desk answered {response.status_code}")
        async for chunk in response.aiter_bytes():
            data += chunk
            if len(data) > LARGEST_PHOTO_BYTES:
                raise PhotoError(f"the photo is larger than {LARGEST_PHOTO_BYTES // 1_000_000} MB")
    return bytes(data)
