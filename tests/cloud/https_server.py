"""An HTTPS server of this computer, for what the desk sends to others."""

import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from cloud.pki.authority import Authority, desk_authority

Answer = Callable[[BaseHTTPRequestHandler, bytes], None]


def trusted_authority(folder: Path, settings: Any) -> Authority:
    """An authority of the test's own desk, with a certificate for this computer."""
    settings.DATA = folder / "desk"
    authority = desk_authority()
    authority.make(["localhost"])
    return authority


@contextmanager
def https_server(authority: Authority, answer: Answer) -> Iterator[int]:
    """Its port; ``answer`` gets each POST with its body, in a thread of its own."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            answer(self, self.rfile.read(int(self.headers["Content-Length"])))

        def log_message(self, *arguments: object) -> None:
            """Suppress the log."""

    server = ThreadingHTTPServer(("localhost", 0), Handler)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(authority.server_certificate_file, authority.server_key_file)
    server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)


def answered(handler: BaseHTTPRequestHandler, status: int, body: bytes = b"", **headers: str) -> None:
    handler.send_response(status)
    for name, value in headers.items():
        handler.send_header(name, value)
    handler.send_header("Content-Length", str(len(body)))
    handler.end_headers()
    handler.wfile.write(body)
