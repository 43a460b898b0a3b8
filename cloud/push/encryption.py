"""Encryption of push messages for the subscribed browser: RFC 8291, in one record of RFC 8188."""

import os
import struct

from cryptography.hazmat.primitives.asymmetric.ec import (
    ECDH,
    SECP256R1,
    EllipticCurvePublicKey,
    generate_private_key,
)
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

RECORD_BYTES = 4096
# The minimum that a push service accepts (RFC 8030, 7.2), less key, salt and tag.
LARGEST_BYTES = 3993
POINT_BYTES, SECRET_BYTES = 65, 16
# The delimiter of the last record (RFC 8188, 2).
_LAST = b"\x02"


def browser_key(point: bytes) -> EllipticCurvePublicKey:
    """Return the browser's public key. Raises ``ValueError`` for an invalid point."""
    return EllipticCurvePublicKey.from_encoded_point(SECP256R1(), point)


def encrypt(message: bytes, point: bytes, secret: bytes) -> bytes:
    """Encrypt for the browser with this public key and authentication secret. Raises ``ValueError``."""
    if len(message) > LARGEST_BYTES:
        raise ValueError(f"a push message of {len(message)} bytes")
    own = generate_private_key(SECP256R1())
    public = own.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    shared = own.exchange(ECDH(), browser_key(point))
    keying = _derive(shared, secret, b"WebPush: info\0" + point + public, 32)
    salt = os.urandom(16)
    key = _derive(keying, salt, b"Content-Encoding: aes128gcm\0", 16)
    nonce = _derive(keying, salt, b"Content-Encoding: nonce\0", 12)
    header = salt + struct.pack(">IB", RECORD_BYTES, len(public)) + public
    return header + AESGCM(key).encrypt(nonce, message + _LAST, None)


def _derive(secret: bytes, salt: bytes, info: bytes, length: int) -> bytes:
    return HKDF(SHA256(), length, salt, info).derive(secret)
