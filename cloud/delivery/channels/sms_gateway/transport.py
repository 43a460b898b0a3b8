"""An HTTP gateway for text messages: a signed POST for each, and signed reports that come back.

``{"id", "to", "from", "text", "alphabet", "parts"}`` goes out with the id as ``Idempotency-Key``: the
gateway takes the same id once. It answers 2xx with ``{"id": its own}``; anything else has not been taken.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from cloud.base import signed_post
from cloud.base.https_post import NotPosted
from cloud.delivery.channel import Handed, NotSent, Outgoing, Report
from cloud.delivery.text_parts import length

# The message is what is wrong, and it stays so; every other refusal may pass.
PERMANENT = (400, 404, 410, 413, 422)
MOST_BYTES = 16_384


class GatewaySession:
    """Each message in a connection of its own."""

    def __init__(self, values: Mapping[str, Any]) -> None:
        self._url = str(values.get("url", ""))
        self._secret = str(values.get("secret", ""))
        self._sender = str(values.get("sender", ""))

    def send(self, outgoing: Outgoing) -> Handed:
        """Returns once the gateway has taken it. Raises ``NotSent``."""
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
        """Reports come as requests of their own."""
        return ()

    def close(self) -> None:
        """Nothing is open."""


def _reference(answer: bytes) -> str:
    """The gateway's own id: whatever else says 2xx is no gateway."""
    try:
        found = json.loads(answer)
    except ValueError:
        found = None
    reference = found.get("id") if isinstance(found, dict) else None
    if not isinstance(reference, str) or not reference:
        raise NotSent("the answer is not a gateway's")
    return reference
