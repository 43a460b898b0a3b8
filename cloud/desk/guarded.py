"""Connections that ask for nothing are bounded in time and number, so that the others are answered (K21).

uvicorn waits for ever for the rest of a request, and asyncio for a minute for a TLS handshake.
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
    """HTTP/1.1 with deadlines for headers and body, and a limit of connections for each address."""

    most_of_an_address = MOST_OF_AN_ADDRESS
    _deadline: asyncio.TimerHandle | None = None
    _waits_for = ""
    _address = ""

    def connection_made(self, transport: Any) -> None:
        """Take the connection, or end it at once where its address has too many."""
        peer = transport.get_extra_info("peername")
        self._address = str(peer[0]) if peer else ""
        _open[self._address] += 1
        super().connection_made(transport)
        if _open[self._address] > self.most_of_an_address or _open.total() > MOST_CONNECTIONS:
            transport.abort()
            return
        self._expect("headers", HEADERS_S)

    def connection_lost(self, exc: Exception | None) -> None:
        """It counts no longer."""
        self._expect("", 0)
        _open[self._address] -= 1
        _open.pop(self._address) if _open[self._address] <= 0 else None
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Every request has so long for its headers, and so long for its body."""
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
    """The same behind a proxy, whose one address everybody has: it shares out for itself."""

    most_of_an_address = MOST_CONNECTIONS


class GuardedLoop(asyncio.SelectorEventLoop):
    """A loop whose servers end a TLS handshake that does not come to its end."""

    async def create_server(self, *arguments: Any, **options: Any) -> asyncio.Server:
        """As asyncio's, with a deadline for the handshake."""
        if options.get("ssl"):
            options["ssl_handshake_timeout"] = HANDSHAKE_S
        return await super().create_server(*arguments, **options)


def allow_many_connections() -> None:
    """Each connection is an open file: the usual limit of 1,024 is one stranger's afternoon."""
    _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = MOST_FILES if hard == resource.RLIM_INFINITY else min(hard, MOST_FILES)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
