"""A monitoring partner to test with: an HTTPS server of this computer that keeps what it is sent."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler

from cloud.pki.authority import Authority
from tests.cloud.https_server import answered, https_server


@dataclass
class PartnerServer:
    """Answers each alarm as ``instead`` says, with the next of ``statuses``, or with 200."""

    port: int
    statuses: list[int] = field(default_factory=list)
    alarms: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    instead: list[Callable[[BaseHTTPRequestHandler], None]] = field(default_factory=list)

    @property
    def url(self) -> str:
        """Return the URL for alarms."""
        return f"https://localhost:{self.port}/alarms?home=1"


@contextmanager
def partner_server(authority: Authority) -> Iterator[PartnerServer]:
    """Runs while the test does, with a certificate of this authority."""

    def answer(handler: BaseHTTPRequestHandler, body: bytes) -> None:
        partner.alarms.append((dict(handler.headers.items()), body))
        if partner.instead:
            with suppress(OSError):
                partner.instead.pop()(handler)
            return
        status = partner.statuses.pop(0) if partner.statuses else 200
        # A redirect leads nowhere: it is not followed.
        answered(handler, status, Location=partner.url)

    with https_server(authority, answer) as port:
        partner = PartnerServer(port)
        yield partner
