"""Identifiers on the wire: a device's id, and the ids of messages."""

import hashlib
import os
from base64 import b32encode
from datetime import datetime

import msgspec

from device.contract.values import Identifier

DEVICE_ID_BYTES = 10


def device_id(public_key_der: bytes) -> str:
    """Return the id of the device that owns this key: base32 of the first 80 bits of SHA-256.

    ``public_key_der`` is the SubjectPublicKeyInfo (RFC 5280, 4.1.2.7). 16 characters of ``a-z2-7``.
    """
    digest = hashlib.sha256(public_key_der).digest()
    return b32encode(digest[:DEVICE_ID_BYTES]).decode().lower()


def partition(device: str) -> str:
    """Return the first character of the device's id: one of 32 shares of the load."""
    return device[0]


def is_identifier(text: str) -> bool:
    """Return whether this may be an id on the wire: see ``values.Identifier``."""
    try:
        msgspec.convert(text, Identifier)
    except msgspec.ValidationError:
        return False
    return True


def new_id(at: datetime) -> str:
    """Return a UUIDv7 (RFC 9562, 5.7): 48 bits of milliseconds, then random; sorts by time."""
    milliseconds = int(at.timestamp() * 1000) & ((1 << 48) - 1)
    chance = int.from_bytes(os.urandom(10))
    value = milliseconds << 80 | chance & ((1 << 76) - 1)
    digits = f"{value & ~(0xF << 76) & ~(0x3 << 62) | 0x7 << 76 | 0x2 << 62:032x}"
    return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"
