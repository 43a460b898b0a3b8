"""A signed HTTPS POST to somebody else's server: bounded in time and size, never redirected."""

import hashlib
import hmac
import ipaddress
import socket
import ssl
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from http.client import HTTPException, HTTPSConnection
from urllib.parse import urlsplit

from django.conf import settings

SIGNATURE = "Kotiruutu-Signature"
STEP_S = 5.0
MOST_S = 10.0
OLDEST_S = 300


class NotPosted(Exception):
    """Nobody answered; the reason is for people."""


def post(
    url: str, secret: str, body: bytes, headers: Mapping[str, str], most_bytes: int = 0
) -> tuple[int, bytes]:
    """The status, and so much of the answer. Raises ``NotPosted`` with the reason."""
    signed = {
        "Content-Type": "application/json",
        "User-Agent": "Kotiruutu",
        SIGNATURE: sign(secret, body, int(time.time())),
        **headers,
    }
    try:
        return _post(url, body, signed, most_bytes)
    except (OSError, HTTPException, ValueError) as error:
        raise NotPosted(str(error) or type(error).__name__) from error


def sign(secret: str, body: bytes, at_s: int) -> str:
    """``t=<seconds>,v1=<HMAC-SHA256 of "seconds.body", hexadecimal>``: what is old cannot be played again."""
    digest = hmac.new(secret.encode(), b"%d." % at_s + body, hashlib.sha256).hexdigest()
    return f"t={at_s},v1={digest}"


def is_signed(signature: str, secret: str, body: bytes, now_s: float) -> bool:
    """Whether somebody who has the secret signed this body within the last minutes."""
    stamp = signature.partition(",")[0].removeprefix("t=")
    if not secret or not stamp.isascii() or not stamp.isdecimal() or len(stamp) > 12:
        return False
    is_fresh = abs(now_s - int(stamp)) <= OLDEST_S
    return is_fresh and hmac.compare_digest(signature.encode(), sign(secret, body, int(stamp)).encode())


def _post(url: str, body: bytes, headers: dict[str, str], most_bytes: int) -> tuple[int, bytes]:
    parts = urlsplit(url)
    if parts.scheme != "https" or not parts.hostname:
        raise ValueError("not an HTTPS address")
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    connection = HTTPSConnection(parts.hostname, parts.port or 443, timeout=STEP_S, context=_trust())
    with closing(connection):
        connection.connect()
        _refuse_local(connection.sock.getpeername()[0])
        with _deadline(connection.sock):
            connection.request("POST", target, body, headers)
            answer = connection.getresponse()
            # Where nothing is asked for, one who is slow beyond the status has still answered.
            return answer.status, answer.read(most_bytes) if most_bytes else b""


def _refuse_local(address: str) -> None:
    """The desk's own machine and what only its network card knows are no partner's, whatever a name says."""
    target = ipaddress.ip_address(address.partition("%")[0])
    target = getattr(target, "ipv4_mapped", None) or target
    if (
        target.is_loopback or target.is_link_local or target.is_unspecified
    ) and not settings.PARTNER_MAY_BE_LOCAL:
        raise ValueError("the address leads to the desk's own machine")


@contextmanager
def _deadline(connection: socket.socket) -> Iterator[None]:
    """A partner who answers a byte at a time does not hold anybody up."""
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


def _trust() -> ssl.SSLContext:
    context = ssl.create_default_context()
    if settings.PARTNER_AUTHORITY:
        context.load_verify_locations(settings.PARTNER_AUTHORITY)
    return context
