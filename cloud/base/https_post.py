"""HTTPS POST to external servers: limited in time, without redirects, never to this machine."""

import ipaddress
import socket
import ssl
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from functools import lru_cache
from http.client import HTTPException, HTTPSConnection
from pathlib import Path
from urllib.parse import urlsplit

STEP_S = 5.0
MOST_S = 10.0
# So long the authorities are not read again.
TRUSTED_S = 3600.0


class NotPosted(Exception):
    """The request failed; the reason is readable text."""


@dataclass(frozen=True)
class Target:
    """Which servers are allowed: ``public_only`` refuses private networks; ``authority`` is a CA file."""

    public_only: bool = False
    may_be_local: bool = False
    authority: str = ""


def post(
    url: str, body: bytes, headers: Mapping[str, str], target: Target, most_bytes: int = 0
) -> tuple[int, bytes]:
    """Return the status, and the answer up to the limit. Raises ``NotPosted``."""
    try:
        return _post(url, body, headers, target, most_bytes)
    except (OSError, HTTPException, ValueError) as error:
        raise NotPosted(str(error) or type(error).__name__) from error


def refuse_local(address: str, target: Target) -> None:
    """Refuse addresses of the desk's own machine and link-local ones, whatever host name leads there.

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
    trust = _trust(target.authority, _changed_ns(target.authority), int(time.monotonic() // TRUSTED_S))
    connection = HTTPSConnection(parts.hostname, parts.port or 443, timeout=STEP_S, context=trust)
    with closing(connection):
        connection.connect()
        refuse_local(connection.sock.getpeername()[0], target)
        with _deadline(connection.sock):
            connection.request("POST", path, body, dict(headers))
            answer = connection.getresponse()
            # Where no body is wanted, a server that is slow after the status has still answered.
            return answer.status, answer.read(most_bytes) if most_bytes else b""


@contextmanager
def _deadline(connection: socket.socket) -> Iterator[None]:
    """Limit the total time, so that a server sending byte by byte does not block."""
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
    # A truncated answer may look complete.
    if is_late.is_set():
        raise TimeoutError("timed out")


def _changed_ns(authority: str) -> int:
    return Path(authority).stat().st_mtime_ns if authority else 0


@lru_cache(maxsize=8)
def _trust(authority: str, _changed_ns: int, _period: int) -> ssl.SSLContext:
    """Kept for a while: to read all authorities of the system takes longer than everything else of a POST."""
    context = ssl.create_default_context()
    if authority:
        context.load_verify_locations(authority)
    return context
