"""An HTTP gateway for text messages: signed POST requests, and signed reports.

``{"id", "to", "from", "text", "alphabet", "parts"}`` is sent with the id as ``Idempotency-Key``, by which the
gateway deduplicates. It responds with 2xx and ``{"id": its own}``; anything else is a failure.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from msgspec import Struct

from cloud.base import signed_post
from cloud.base.https_post import NotPosted
from cloud.delivery.channel import Handed, NotSent, Outgoing, Report
from cloud.delivery.text_parts import length
from device.contract.errors import Malformed
from device.contract.wire import read

# The message itself is invalid; every other error may be temporary.
PERMANENT = (400, 404, 410, 413, 422)
MOST_BYTES = 16_384


class GatewaySession:
    """Sends each message over a connection of its own."""

    def __init__(self, values: Mapping[str, Any]) -> None:
        self._url = str(values.get("url", ""))
        self._secret = str(values.get("secret", ""))
        self._sender = str(values.get("sender", ""))

    def send(self, outgoing: Outgoing) -> Handed:
        """Send a message; returns once the gateway has accepted it. Raises ``NotSent``."""
        size = length(outgoing.body)
        message = {
            "id": outgoing.id, "to": outgoing.address, "from": self._sender, "text": outgoing.body,
            "alphabet": size.alphabet, "parts": size.parts,
        }  # fmt: skip
        body = json.dumps(message, ensure_ascii=False).encode()
        once = {"Idempotency-Key": outgoing.id}
        try:
            status, answer = signed_post.post(self._url, self._secret, body, once, MOST_BYTES)
        except NotPosted as error:
            raise NotSent(str(error)) from error
        if not 200 <= status < 300:
            raise NotSent(f"HTTP {status}", permanent=status in PERMANENT)
        return Handed(_reference(answer), size.parts)

    def poll(self) -> Sequence[Report]:
        """Return nothing: reports arrive as requests of their own."""
        return ()

    def close(self) -> None:
        """Do nothing: no connection is open."""


class _Taken(Struct):
    """A gateway's answer: its own id of the message."""

    id: str


def _reference(answer: bytes) -> str:
    """Return the gateway's own id; a 2xx without one is not from a gateway."""
    try:
        reference = read(answer, _Taken).id
    except Malformed:
        reference = ""
    if not reference:
        raise NotSent("the answer is not a gateway's")
    return reference
