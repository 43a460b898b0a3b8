"""Authentication of the device over HTTPS: a token signed with its key (RFC 7519, ES256)."""

from datetime import datetime, timedelta

import jwt
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey

from device.contract.identity import new_id

AUDIENCE = "kotiruutu-desk"
VALID = timedelta(seconds=60)


def authorization(device: str, key: EllipticCurvePrivateKey, now: datetime) -> str:
    """Return the value of the ``Authorization`` header, valid for one request within a minute of ``now``."""
    claims = {"sub": device, "aud": AUDIENCE, "iat": now, "exp": now + VALID, "jti": new_id(now)}
    return f"Bearer {jwt.encode(claims, key, algorithm='ES256')}"
