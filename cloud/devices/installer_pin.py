"""The PIN by which an installer reaches the network page of a device in use (K7)."""

from django.utils.crypto import salted_hmac
from msgspec.structs import replace

from cloud.devices.models import Device
from device.contract.documents import Policy

_DIGITS = 6


def pin_of(device: Device) -> str:
    """Return the device's PIN: always the same one, and another for each device."""
    digest = salted_hmac("cloud.devices.installer_pin", device.pk, algorithm="sha256").hexdigest()
    return f"{int(digest, 16) % 10**_DIGITS:0{_DIGITS}}"


def add_pin(device: Device, document: Policy) -> Policy:
    """Set the PIN in the device's policy."""
    return replace(document, installer_pin=pin_of(device))
