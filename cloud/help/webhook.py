"""A signed HTTPS POST to the monitoring partner."""

import hashlib
import json

from cloud.base import signed_post
from cloud.base.https_post import NotPosted
from cloud.help.errors import Undeliverable


def post(url: str, secret: str, alarm: dict[str, object]) -> None:
    """Send the alarm; returns after a 2xx status. Raises ``Undeliverable`` with the reason."""
    body = json.dumps(alarm, ensure_ascii=False).encode()
    # An ASCII idempotency key from any id.
    once = {"Idempotency-Key": hashlib.sha256(str(alarm["id"]).encode()).hexdigest()}
    try:
        status, _answer = signed_post.post(url, secret, body, once)
    except NotPosted as error:
        raise Undeliverable(str(error)) from error
    if not 200 <= status < 300:
        raise Undeliverable(f"HTTP {status}")
