"""Signed HTTPS POST to external servers: limited in time and size, without redirects."""

import hashlib
import hmac
import time
from collections.abc import Mapping

from django.conf import settings

from cloud.base import https_post

SIGNATURE = "Kotiruutu-Signature"
OLDEST_S = 300


def post(
    url: str, secret: str, body: bytes, headers: Mapping[str, str], most_bytes: int = 0
) -> tuple[int, bytes]:
    """Return the status, and the answer up to the limit. Raises ``https_post.NotPosted``."""
    signed = {
        "Content-Type": "application/json",
        "User-Agent": "Kotiruutu",
        SIGNATURE: sign(secret, body, int(time.time())),
        **headers,
    }
    return https_post.post(url, body, signed, target(), most_bytes)


def target() -> https_post.Target:
    """Return the allowed servers: private networks are allowed, the desk's own machine is not."""
    return https_post.Target(may_be_local=settings.PARTNER_MAY_BE_LOCAL, authority=settings.PARTNER_AUTHORITY)


def sign(secret: str, body: bytes, at_s: int) -> str:
    """Return ``t=<seconds>,v1=<HMAC-SHA256 of "seconds.body">``; the time prevents replay."""
    digest = hmac.new(secret.encode(), b"%d." % at_s + body, hashlib.sha256).hexdigest()
    return f"t={at_s},v1={digest}"


def is_signed(signature: str, secret: str, body: bytes, now_s: float) -> bool:
    """Return whether the body was signed with this secret within the last minutes."""
    stamp = signature.partition(",")[0].removeprefix("t=")
    if not secret or not stamp.isascii() or not stamp.isdecimal() or len(stamp) > 12:
        return False
    is_fresh = abs(now_s - int(stamp)) <= OLDEST_S
    return is_fresh and hmac.compare_digest(signature.encode(), sign(secret, body, int(stamp)).encode())
