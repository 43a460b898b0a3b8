"""A gateway for text messages to test with: an HTTPS server that takes each id once, and counts."""

import json
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler

from cloud.base import signed_post
from cloud.pki.authority import Authority
from tests.cloud.https_server import answered, https_server

SECRET = "a secret of the gateway"


@dataclass
class SmsServer:
    """What it was handed: ``taken`` has each message once, ``asked`` how often it was handed over."""

    port: int
    slow_s: float = 0.0
    taken: dict[str, dict[str, object]] = field(default_factory=dict)
    asked: Counter[str] = field(default_factory=Counter)
    unsigned: int = 0
    instead: list[Callable[[BaseHTTPRequestHandler], None]] = field(default_factory=list)

    @property
    def values(self) -> dict[str, object]:
        """The settings of a channel that leads here."""
        return {"url": f"https://localhost:{self.port}/sms", "secret": SECRET, "sender": "Kotiruutu"}


def answering(status: int, body: bytes) -> Callable[[BaseHTTPRequestHandler], None]:
    """An answer instead of the gateway's own."""
    return lambda handler: answered(handler, status, body)


@contextmanager
def sms_server(authority: Authority) -> Iterator[SmsServer]:
    """Runs while the test does."""

    def answer(handler: BaseHTTPRequestHandler, body: bytes) -> None:
        signature = handler.headers.get(signed_post.SIGNATURE, "")
        if not signed_post.is_signed(signature, SECRET, body, time.time()):
            gateway.unsigned += 1
        if gateway.instead:
            with suppress(OSError):
                gateway.instead.pop(0)(handler)
            return
        said = json.loads(body)
        once = handler.headers["Idempotency-Key"]
        gateway.asked[once] += 1
        gateway.taken.setdefault(once, said)
        time.sleep(gateway.slow_s)
        with suppress(OSError):
            answered(handler, 202, json.dumps({"id": f"g-{said['id']}"}).encode())

    with https_server(authority, answer) as port:
        gateway = SmsServer(port)
        yield gateway
