"""A signed HTTPS POST to the monitoring partner: bounded in time and size, never redirected."""

import hashlib
import hmac
import ipaddress
import json
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from http.client import HTTPException, HTTPSConnection
from urllib.parse import urlsplit

from django.conf import settings

from cloud.help.errors import Undeliverable

SIGNATURE = "Kotiruutu-Signature"
STEP_S = 5.0
MOST_S = 10.0


def post(url: str, secret: str, alarm: dict[str, object]) -> None:
    """Returns once the partner has said 2xx. Raises ``Undeliverable`` with the reason."""
    body = json.dumps(alarm, ensure_ascii=False).encode()
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "Kotiruutu",
        # ASCII of any id, for a partner who wants each alarm once.
        "Idempotency-Key": hashlib.sha256(str(alarm["id"]).encode()).hexdigest(),
        SIGNATURE: sign(secret, body, int(time.time())),
    }
    try:
        status = _post(url, body, headers)
    except (OSError, HTTPException, ValueError) as error:
        raise Undeliverable(str(error) or type(error).__name__) from error
    if not 200 <= status < 300:
        raise Undeliverable(f"HTTP {status}")


def sign(secret: str, body: bytes, at_s: int) -> str:
    """``t=<seconds>,v1=<HMAC-SHA256 of "seconds.body", hexadecimal>``: old alarms cannot be played again."""
    digest = hmac.new(secret.encode(), b"%d." % at_s + body, hashlib.sha256).hexdigest()
    return f"t={at_s},v1={digest}"


def _post(url: str, body: bytes, headers: dict[str, str]) -> int:
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
            # What the partner says beyond its status is not read.
            return connection.getresponse().status


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
