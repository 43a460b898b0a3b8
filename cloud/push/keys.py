"""The desk's signing key for push services (VAPID, RFC 8292): a file, not in the database."""

import time
from base64 import urlsafe_b64decode, urlsafe_b64encode
from email.utils import parseaddr
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric.ec import (
    SECP256R1,
    EllipticCurvePrivateKey,
    generate_private_key,
)
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)
from django.conf import settings

from cloud.base.seal import key_in

LIFETIME_S = 12 * 3600


def public_key() -> str:
    """Return the public key for subscriptions, base64url without padding."""
    point = _key().public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return encoded(point)


def authorization(endpoint: str) -> str:
    """Return the header that authenticates the desk to this endpoint's service."""
    parts = urlsplit(endpoint)
    claims = {
        "aud": f"{parts.scheme}://{parts.netloc}",
        "exp": int(time.time()) + LIFETIME_S,
        "sub": f"mailto:{parseaddr(settings.DEFAULT_FROM_EMAIL)[1]}",
    }
    return f"vapid t={jwt.encode(claims, _key(), 'ES256')}, k={public_key()}"


def encoded(data: bytes) -> str:
    """Encode as base64url without padding."""
    return urlsafe_b64encode(data).rstrip(b"=").decode()


def decoded(text: str) -> bytes:
    """Decode base64url, padded or not. Raises ``ValueError``."""
    return urlsafe_b64decode(text.rstrip("=") + "=" * (-len(text.rstrip("=")) % 4))


def _key() -> EllipticCurvePrivateKey:
    return _read(Path(settings.PUSH_KEY_FILE))


@cache
def _read(file: Path) -> EllipticCurvePrivateKey:
    """Read the key, which is created at first use; another key would end every subscription."""
    key = load_pem_private_key(key_in(file, _make), None)
    if not isinstance(key, EllipticCurvePrivateKey):
        raise TypeError(f"{file} holds no key of the curve P-256")
    return key


def _make() -> bytes:
    key = generate_private_key(SECP256R1())
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
