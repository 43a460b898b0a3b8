"""Further pictures that a device may download, registered by domains."""

from collections.abc import Callable

from cloud.devices.models import Device

# The bytes and their type, by digest; None where the device may not have it.
Find = Callable[[Device, str], tuple[bytes, str] | None]
_finders: list[Find] = []


def register(find: Find) -> None:
    """Register a function that finds pictures."""
    _finders.append(find)


def find(device: Device, sha256: str) -> tuple[bytes, str] | None:
    """Return the first picture found that this device may have."""
    return next((found for each in _finders if (found := each(device, sha256))), None)
