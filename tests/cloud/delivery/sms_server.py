"""A gateway for text messages to test with: an HTTPS server that takes each id once, and counts."""

import json
import ssl
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from cloud.base import signed_post
from cloud.pki.authority import Authority

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

    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    return answer


@contextmanager
def sms_server(authority: Authority) -> Iterator[SmsServer]:
    """Runs while the test does."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            signature = self.headers.get(signed_post.SIGNATURE, "")
            if not signed_post.is_signed(signature, SECRET, body, time.time()):
                gateway.unsigned += 1
            if gateway.instead:
                with suppress(OSError):
                    gateway.instead.pop(0)(self)
                return
            said = json.loads(body)
            once = self.headers["Idempotency-Key"]
            gateway.asked[once] += 1
            gateway.taken.setdefault(once, said)
            time.sleep(gateway.slow_s)
            with suppress(OSError):
                answering(202, json.dumps({"id": f"g-{said['id']}"}).encode())(self)

        def log_message(self, *arguments: object) -> None:
            """Says nothing."""

    server = ThreadingHTTPServer(("localhost", 0), Handler)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(authority.server_certificate_file, authority.server_key_file)
    server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    gateway = SmsServer(server.server_address[1])
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield gateway
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)
