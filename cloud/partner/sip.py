"""SIP through pjsua2: sends messages, collects what comes back, and takes the calls of centres.

Everything but sound happens in the thread that calls ``turn``.
"""

import contextlib
import logging
from collections.abc import Iterator
from dataclasses import dataclass

import pjsua2

from cloud.partner.exchange import Responded
from cloud.partner.sip_voice import Calls

log = logging.getLogger(__name__)

IDENTITY = "sip:kotiruutu@{host}"
# The maximum number of messages a turn; a flood is dropped instead of filling the memory.
MOST_INCOMING = 500
TRANSPORTS = (pjsua2.PJSIP_TRANSPORT_UDP, pjsua2.PJSIP_TRANSPORT_TCP, pjsua2.PJSIP_TRANSPORT_TLS)


@dataclass(frozen=True)
class Incoming:
    """A message that we received."""

    body: str


Heard = Incoming | tuple[str, Responded]


@dataclass(frozen=True)
class Tls:
    """The authorities that the endpoint trusts, and its own certificate; without one it has no TLS."""

    authority: str
    certificate: str = ""
    key: str = ""
    clients_need_certificate: bool = False


class _Account(pjsua2.Account):  # type: ignore[misc]
    """Collects pjsua2's events; no exception may leave its callbacks."""

    def __init__(self) -> None:
        super().__init__()
        self.heard: list[Heard] = []
        self.calls = Calls()

    def onIncomingCall(self, prm: pjsua2.OnIncomingCallParam) -> None:  # noqa: N802
        self.calls.arrived(self, prm)

    def onInstantMessage(self, prm: pjsua2.OnInstantMessageParam) -> None:  # noqa: N802
        if len(self.heard) < MOST_INCOMING:
            self.heard.append(Incoming(prm.msgBody))

    def onInstantMessageStatus(self, prm: pjsua2.OnInstantMessageStatusParam) -> None:  # noqa: N802
        body = prm.rdata.wholeMsg.partition("\r\n\r\n")[2]
        self.heard.append((prm.msgBody, Responded(prm.toUri, prm.code, prm.reason, body)))


class Phone:
    """The desk's SIP endpoint: one UDP, one TCP and one TLS transport."""

    def __init__(self, host: str, port: int, tls: Tls) -> None:
        self._endpoint = pjsua2.Endpoint()
        self._endpoint.libCreate()
        config = pjsua2.EpConfig()
        config.uaConfig.threadCnt = 0
        config.uaConfig.mainThreadOnly = True
        config.uaConfig.userAgent = "Kotiruutu"
        config.logConfig.level = config.logConfig.consoleLevel = 0
        self._endpoint.libInit(config)
        for kind in TRANSPORTS:
            self._endpoint.transportCreate(kind, _transport(kind, host, port, tls))
        self._endpoint.audDevManager().setNullDev()
        self._endpoint.libStart()
        self._account = _Account()
        settings = pjsua2.AccountConfig()
        settings.idUri = IDENTITY.format(host=host)
        # A centre may ask for encrypted sound, and says so in its offer.
        settings.mediaConfig.srtpUse = pjsua2.PJMEDIA_SRTP_OPTIONAL
        settings.mediaConfig.srtpSecureSignaling = 0
        self._account.create(settings)
        self._servers: dict[str, pjsua2.Buddy] = {}

    def send(self, server: str, content_type: str, body: str) -> Responded | None:
        """Start sending; an immediate failure is returned."""
        message = pjsua2.SendInstantMessageParam()
        message.contentType, message.content = content_type, body
        try:
            self._server(server).sendInstantMessage(message)
        except pjsua2.Error as error:
            return Responded(server, 503, error.reason)
        return None

    def turn(self, wait_ms: int) -> list[Heard]:
        """Process SIP for at most this long, and return received events."""
        self._endpoint.libHandleEvents(wait_ms)
        self._account.calls.turn()
        heard, self._account.heard = self._account.heard, []
        return heard

    def close(self) -> None:
        """End all calls, then the SIP endpoint and its sockets."""
        self._servers.clear()
        self._account.calls.close()
        # Not the account before the library: it still says to the account how messages under way have ended.
        self._endpoint.libDestroy()

    def _server(self, address: str) -> pjsua2.Buddy:
        if address not in self._servers:
            config = pjsua2.BuddyConfig()
            config.uri, config.subscribe = address, False
            buddy = pjsua2.Buddy()
            buddy.create(self._account, config)
            self._servers[address] = buddy
        return self._servers[address]


def _transport(kind: int, host: str, port: int, tls: Tls) -> pjsua2.TransportConfig:
    config = pjsua2.TransportConfig()
    config.boundAddress = host
    is_tls = kind == pjsua2.PJSIP_TRANSPORT_TLS
    config.port = port + 1 if port and is_tls else port
    if is_tls:
        config.tlsConfig.verifyServer = True
        config.tlsConfig.CaListFile = tls.authority
        config.tlsConfig.certFile, config.tlsConfig.privKeyFile = tls.certificate, tls.key
        config.tlsConfig.verifyClient = config.tlsConfig.requireClientCert = tls.clients_need_certificate
    return config


@contextlib.contextmanager
def phone(host: str, port: int, tls: Tls) -> Iterator[Phone]:
    """Provide an endpoint for the block."""
    made = Phone(host, port, tls)
    try:
        yield made
    finally:
        made.close()
