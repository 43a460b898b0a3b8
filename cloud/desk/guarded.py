"""Limits idle connections in time and number, so that the others are served (K21).

uvicorn waits without limit for the rest of a request, and asyncio for a minute for a TLS handshake.
"""

import asyncio
import resource
from collections import Counter
from typing import Any

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

HANDSHAKE_S = 5.0
HEADERS_S = 10.0
BODY_S = 30.0
# A care home of two hundred tablets may share one address.
MOST_OF_AN_ADDRESS = 400
MOST_CONNECTIONS = 20_000
MOST_FILES = 65_536

_open: Counter[str] = Counter()


class GuardedProtocol(H11Protocol):
    """HTTP/1.1 with deadlines for headers and body, and a connection limit for each address."""

    most_of_an_address = MOST_OF_AN_ADDRESS
    _deadline: asyncio.TimerHandle | None = None
    _waits_for = ""
    _address = ""

    def connection_made(self, transport: Any) -> None:
        """Accept the connection, or close it at once where its address has too many."""
        peer = transport.get_extra_info("peername")
        self._address = str(peer[0]) if peer else ""
        _open[self._address] += 1
        super().connection_made(transport)
        if _open[self._address] > self.most_of_an_address or _open.total() > MOST_CONNECTIONS:
            transport.abort()
            return
        self._expect("headers", HEADERS_S)

    def connection_lost(self, exc: Exception | None) -> None:
        """Remove the connection from the count."""
        self._expect("", 0)
        _open[self._address] -= 1
        _open.pop(self._address) if _open[self._address] <= 0 else None
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Restart the deadlines: each request has its own for headers and for body."""
        super().data_received(data)
        state = self.conn.their_state
        if state is h11.IDLE:
            self._expect("headers", HEADERS_S)
        elif state is h11.SEND_BODY:
            self._expect("body", BODY_S)
        else:
            self._expect("", 0)

    def _expect(self, what: str, seconds: float) -> None:
        if what == self._waits_for:
            return
        self._waits_for = what
        if self._deadline:
            self._deadline.cancel()
            self._deadline = None
        if what:
            self._deadline = self.loop.call_later(seconds, self.transport.abort)


class ProxiedProtocol(GuardedProtocol):
    """The same behind a proxy, whose single address must not be limited."""

    most_of_an_address = MOST_CONNECTIONS


class GuardedLoop(asyncio.SelectorEventLoop):
    """An event loop whose servers abort a TLS handshake that does not complete."""

    async def create_server(self, *arguments: Any, **options: Any) -> asyncio.Server:
        """Return a server with a handshake deadline."""
        if options.get("ssl"):
            options["ssl_handshake_timeout"] = HANDSHAKE_S
        return await super().create_server(*arguments, **options)


def allow_many_connections() -> None:
    """Raise the limit of open files: the default of 1,024 is quickly exhausted by an attacker."""
    _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = MOST_FILES if hard == resource.RLIM_INFINITY else min(hard, MOST_FILES)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
