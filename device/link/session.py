"""The supervised MQTT session around paho-mqtt, which is trusted with nothing that must not be lost.

Our own thread drives paho's loop, so that an exception in a callback ends a connection and not the link.
"""

import logging
import random
import socket
import ssl
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec.structs import replace

from device.contract.documents import BrokerAddress
from device.contract.topics import Channel
from device.link.events import Connected, Disconnected, IdentityShared, LinkError, LinkEvent
from device.link.pace import wait_s
from device.settings import Identity

if TYPE_CHECKING:
    from device.link.connection import Connection

_log = logging.getLogger(__name__)

# Two tablets with one identity would disconnect each other for ever: each leaves the broker to the other for
# minutes. Help uses HTTPS meanwhile, as without any link.
SHARED_RETRY_S = (60.0, 300.0)
# mosquitto 2.0.11 does not report why it closes the older connection: this many in a row that were accepted
# and closed at once mean another tablet.
SHORT_LIFE_S = 15.0
MOST_SHORT_LIVES = 3
# Connected for this long without interruption, the other tablet is gone.
ALONE_AFTER_S = 900.0
_STEP_S = 10.0

MakeWill = Callable[[], bytes]


class Session:
    """Connects and reconnects.

    ``heard`` and ``moved`` are called on the session's own thread, ``heard`` never after ``stop``.
    """

    def __init__(
        self,
        identity: Identity,
        *,
        brokers: Callable[[], Sequence[BrokerAddress]],
        make_will: MakeWill,
        heard: Callable[[LinkEvent], None],
        moved: Callable[[], None],
    ) -> None:
        self._identity = identity
        self._brokers = brokers
        self._make_will = make_will
        self._heard = heard
        self._moved = moved
        self._stopping = threading.Event()
        self._wake = threading.Event()
        self._connection: Connection | None = None
        self._trial: _Trial | None = None
        self._taken_over_s: float | None = None
        self._short_lives = 0
        self._thread = threading.Thread(target=self._run, name="link", daemon=True)

    def start(self) -> None:
        """Connect in the background, and again whenever the connection is lost."""
        self._thread.start()

    def stop(self) -> None:
        """Disconnect so that the broker publishes the will: the device is offline."""
        self._stopping.set()
        self._wake.set()
        if connection := self._connection:
            connection.leave()
        self._thread.join(timeout=_STEP_S + 1)

    def publish(self, channel: Channel, payload: bytes, *, expiry_s: int | None = None) -> None:
        """Publish a message if there is a broker; what must not be lost is in the outbox as well."""
        if connection := self._connection:
            connection.publish(channel, payload, expiry_s)

    def reconnect(self, reason: str) -> None:
        """Close a connection that does not respond, and reconnect at once."""
        _log.info("connecting again: %s", reason)
        if connection := self._connection:
            connection.give_up(reason)

    def try_certificate(self, certificate: Path, ended: Callable[[str], None]) -> None:
        """Connect once with this certificate; ``ended`` gets the error, or an empty text.

        An accepted certificate is used until this connection ends; it must be installed by then.
        """
        self._trial = _Trial(certificate, ended)
        self._wake.set()
        self.reconnect("a new certificate is tried")

    def _run(self) -> None:
        failures = tries = 0
        addresses: Sequence[BrokerAddress] = ()
        while not self._stopping.is_set():
            was_connected = was_taken_over = was_given_up = False
            trial = self._next_trial()
            try:
                addresses = self._addresses()
                self._connection = self._connect_to(addresses[tries % len(addresses)], trial)
                began_s = time.monotonic()
                was_connected = self._connection.stay(self._has_moved)
                was_taken_over = self._is_thrown_out(self._connection, time.monotonic() - began_s)
                was_given_up = self._connection.was_given_up
                reason = self._connection.end_reason or "the connection was lost"
            except (OSError, ValueError, LinkError) as error:
                reason = _plain(error)
            except Exception as error:  # noqa: BLE001 - a callback that raises must not end the link for good
                _log.exception("the link failed")
                reason = f"an error in the link: {type(error).__name__}"
            self._connection = None
            self._ended(trial, reason)
            if self._stopping.is_set():
                return
            _log.info("no link: %s", reason)
            self._heard(Disconnected(reason))
            if was_taken_over:
                self._share()
                continue
            self._short_lives = self._short_lives if was_connected else 0
            failures = 0 if was_connected else failures + 1
            # The same broker once more where it was only cut; the next one where it is silent or not there.
            tries += not was_connected or was_given_up
            self._rest(wait_s(failures, random.random(), len(addresses)))  # noqa: S311

    def _ended(self, trial: "_Trial | None", reason: str) -> None:
        if trial:
            trial.end(reason)
        self._moved()

    def _next_trial(self) -> "_Trial | None":
        self._wake.clear()
        trial, self._trial = self._trial, None
        return trial

    def _connect_to(self, at: BrokerAddress, trial: "_Trial | None") -> "Connection":
        # paho is not needed for a start, and importing it takes as long as all the rest of the core.
        from device.link.connection import Connection

        place = replace(self._identity, broker_host=at.host, broker_port=at.port)
        certificate = trial.certificate if trial else self._identity.certificate
        return Connection(
            place,
            certificate,
            self._make_will(),
            trial.heard(self._heard) if trial else self._heard,
        )

    def _addresses(self) -> Sequence[BrokerAddress]:
        """Return the desk's brokers, and last the one of the enrolment: the desk's may be wrong."""
        enrolled = BrokerAddress(host=self._identity.broker_host, port=self._identity.broker_port)
        said = self._brokers()
        return said if enrolled in said else [*said, enrolled]

    def _is_thrown_out(self, connection: "Connection", lived_s: float) -> bool:
        if connection.was_given_up or lived_s > SHORT_LIFE_S:
            self._short_lives = 0
        else:
            self._short_lives += 1
        return connection.was_taken_over or self._short_lives >= MOST_SHORT_LIVES

    def _share(self) -> None:
        _log.warning("another tablet uses the identity of this one")
        self._taken_over_s = time.monotonic()
        self._short_lives = 0
        self._heard(IdentityShared(shared=True))
        self._rest(random.uniform(*SHARED_RETRY_S))  # noqa: S311

    def _has_moved(self) -> None:
        self._moved()
        if self._taken_over_s is not None and time.monotonic() - self._taken_over_s > ALONE_AFTER_S:
            self._taken_over_s = None
            self._heard(IdentityShared(shared=False))

    def _rest(self, seconds: float) -> None:
        until_s = time.monotonic() + seconds
        while (left_s := until_s - time.monotonic()) > 0 and not self._wake.wait(min(left_s, _STEP_S)):
            self._moved()


class _Trial:
    """A certificate on trial, until the broker accepts or rejects it."""

    def __init__(self, certificate: Path, ended: Callable[[str], None]) -> None:
        self.certificate = certificate
        self._ended = ended
        self._is_over = False

    def heard(self, hear: Callable[[LinkEvent], None]) -> Callable[[LinkEvent], None]:
        """Wrap a listener so that the trial ends when the connection is established."""

        def hear_and_end(event: LinkEvent) -> None:
            if isinstance(event, Connected):
                self.end("")
            hear(event)

        return hear_and_end

    def end(self, reason: str) -> None:
        if not self._is_over:
            self._is_over = True
            self._ended(reason)


def _plain(error: Exception) -> str:
    match error:
        case ssl.SSLCertVerificationError():
            return f"the broker's certificate is not the desk's: {error.verify_message}"
        case ssl.SSLError():
            return f"the broker refused the encrypted connection: {error.reason or error}"
        case ConnectionRefusedError():
            return "no broker answers at its address"
        case TimeoutError():
            return "the broker does not answer"
        case socket.gaierror():
            return "the broker's name is not known: is there a network?"
    return str(error)
