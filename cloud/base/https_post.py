"""An HTTPS POST to somebody else's server: bounded in time, never redirected, never to this machine."""

import ipaddress
import socket
import ssl
import threading
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from http.client import HTTPException, HTTPSConnection
from urllib.parse import urlsplit

STEP_S = 5.0
MOST_S = 10.0


class NotPosted(Exception):
    """Nobody answered; the reason is for people."""


@dataclass(frozen=True)
class Target:
    """Which servers may be reached: ``public_only`` refuses private networks; ``authority`` is a CA file."""

    public_only: bool = False
    may_be_local: bool = False
    authority: str = ""


def post(
    url: str, body: bytes, headers: Mapping[str, str], target: Target, most_bytes: int = 0
) -> tuple[int, bytes]:
    """The status, and so much of the answer. Raises ``NotPosted``."""
    try:
        return _post(url, body, headers, target, most_bytes)
    except (OSError, HTTPException, ValueError) as error:
        raise NotPosted(str(error) or type(error).__name__) from error


def refuse_local(address: str, target: Target) -> None:
    """The desk's own machine and what only its network card knows are nobody's server, whatever a name says.

    Raises ``ValueError``.
    """
    found = ipaddress.ip_address(address.partition("%")[0])
    found = getattr(found, "ipv4_mapped", None) or found
    if target.may_be_local:
        return
    if found.is_loopback or found.is_link_local or found.is_unspecified:
        raise ValueError("the address leads to the desk's own machine")
    if target.public_only and not found.is_global:
        raise ValueError("the address leads into a private network")


def _post(
    url: str, body: bytes, headers: Mapping[str, str], target: Target, most_bytes: int
) -> tuple[int, bytes]:
    parts = urlsplit(url)
    if parts.scheme != "https" or not parts.hostname:
        raise ValueError("not an HTTPS address")
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    trust = _trust(target.authority)
    connection = HTTPSConnection(parts.hostname, parts.port or 443, timeout=STEP_S, context=trust)
    with closing(connection):
        connection.connect()
        refuse_local(connection.sock.getpeername()[0], target)
        with _deadline(connection.sock):
            connection.request("POST", path, body, dict(headers))
            answer = connection.getresponse()
            # Where nothing is asked for, one who is slow beyond the status has still answered.
            return answer.status, answer.read(most_bytes) if most_bytes else b""


@contextmanager
def _deadline(connection: socket.socket) -> Iterator[None]:
    """A server that answers a byte at a time does not hold anybody up."""
    is_late = threading.Event()

    def cut() -> None:
        is_late.set()
        with suppress(OSError):
            socket.socket.shutdown(connection, socket.SHUT_RDWR)

    timer = threading.Timer(MOST_S, cut)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
    # Half an answer may look like a whole one.
    if is_late.is_set():
        raise TimeoutError("timed out")


def _trust(authority: str) -> ssl.SSLContext:
    context = ssl.create_default_context()
    if authority:
        context.load_verify_locations(authority)
    return context
