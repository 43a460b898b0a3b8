"""A monitoring partner to test with: an HTTPS server of this computer that keeps what it is sent."""

import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from cloud.pki.authority import Authority


@dataclass
class PartnerServer:
    """Answers each alarm as ``instead`` says, with the next of ``statuses``, or with 200."""

    port: int
    statuses: list[int] = field(default_factory=list)
    alarms: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    instead: list[Callable[[BaseHTTPRequestHandler], None]] = field(default_factory=list)

    @property
    def url(self) -> str:
        """Where alarms go."""
        return f"https://localhost:{self.port}/alarms?home=1"


@contextmanager
def partner_server(authority: Authority) -> Iterator[PartnerServer]:
    """Runs while the test does, with a certificate of this authority."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            told.alarms.append((dict(self.headers.items()), body))
            if told.instead:
                with suppress(OSError):
                    told.instead.pop()(self)
                return
            self.send_response(told.statuses.pop(0) if told.statuses else 200)
            # A redirect leads nowhere: it is not followed.
            self.send_header("Location", told.url)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *arguments: object) -> None:
            """Says nothing."""

    server = ThreadingHTTPServer(("localhost", 0), Handler)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(authority.server_certificate_file, authority.server_key_file)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    told = PartnerServer(server.server_address[1])
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield told
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)
