"""The MQTT session: paho-mqtt, wrapped, supervised, and never trusted with anything it can lose.

One thread of ours drives paho's loop, so that an exception in a callback ends a connection and not the link.
"""

import logging
import random
import socket
import ssl
import threading
import time
from collections.abc import Callable

import paho.mqtt.client as mqtt
from msgspec import Struct
from paho.mqtt.enums import CallbackAPIVersion, MQTTErrorCode
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode
from paho.mqtt.subscribeoptions import SubscribeOptions

from device.contract import topics
from device.contract.topics import Channel
from device.settings import Identity

_log = logging.getLogger(__name__)

KEEPALIVE_S = 30
SESSION_EXPIRY_S = 7 * 24 * 3600
FIRST_RETRY_S = 1.0
LAST_RETRY_S = 60.0
# paho looks at its keepalive only between two waits for the socket.
_WAIT_S = 10.0
# Linux closes a connection whose sent bytes stay unacknowledged for so long (tcp(7), TCP_USER_TIMEOUT).
_UNACKNOWLEDGED_MS = 20_000


class LinkError(Exception):
    """The connection could not be made or ended; the message says why, for the health page."""


class Connected(Struct, frozen=True):
    """The broker has accepted this device and all its subscriptions are asked for."""


class Disconnected(Struct, frozen=True):
    """There is no link; ``reason`` in plain English for the health page."""

    reason: str


class Arrived(Struct, frozen=True):
    """A message on one of the device's own topics."""

    channel: Channel
    payload: bytes


class Refused(Struct, frozen=True):
    """The broker did not take something that was published."""

    reason: str


LinkEvent = Connected | Disconnected | Arrived | Refused
MakeWill = Callable[[], bytes]


class Session:
    """Connects, and connects again.

    ``heard`` and ``moved`` are called on the session's own thread, ``heard`` never after ``stop``.
    """

    def __init__(
        self,
        identity: Identity,
        *,
        make_will: MakeWill,
        heard: Callable[[LinkEvent], None],
        moved: Callable[[], None],
    ) -> None:
        self._identity = identity
        self._make_will = make_will
        self._heard = heard
        self._moved = moved
        self._stopping = threading.Event()
        self._wake = threading.Event()
        self._client: mqtt.Client | None = None
        self._end_reason = ""
        self._thread = threading.Thread(target=self._run, name="link", daemon=True)

    def start(self) -> None:
        """Connect in the background."""
        self._thread.start()

    def stop(self) -> None:
        """Disconnect, and let the broker publish the will: the device is not there any more."""
        self._stopping.set()
        self._wake.set()
        if client := self._client:
            client.disconnect(ReasonCode(PacketTypes.DISCONNECT, "Disconnect with will message"))
        self._thread.join(timeout=_WAIT_S + 1)

    def publish(self, channel: Channel, payload: bytes, *, expiry_s: int | None = None) -> None:
        """Hand a message to the broker, if there is one; what must not be lost is in the outbox anyway."""
        client = self._client
        if client is None or not client.is_connected():
            return
        properties = Properties(PacketTypes.PUBLISH)  # type: ignore[no-untyped-call]
        properties.ContentType = "application/json"
        if expiry_s is not None:
            properties.MessageExpiryInterval = expiry_s
        full_topic = topics.topic(self._identity.device, channel)
        client.publish(full_topic, payload, channel.qos, channel.retained, properties)

    def reconnect(self, reason: str) -> None:
        """Give up a connection that answers nothing, and try at once."""
        _log.info("connecting anew: %s", reason)
        self._end_reason = reason
        client = self._client
        connection = client.socket() if client else None
        if isinstance(connection, socket.socket):
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError as error:
                _log.debug("the connection was gone already: %s", error)

    def _run(self) -> None:
        retry_s = FIRST_RETRY_S
        while not self._stopping.is_set():
            self._end_reason = ""
            was_connected = False
            try:
                was_connected = self._connect_and_stay()
                reason = self._end_reason or "the connection was lost"
            except (OSError, ValueError, LinkError) as error:
                reason = _plain(error)
            except Exception as error:  # noqa: BLE001 - a callback that raises must not end the link for good
                _log.exception("the link stumbled")
                reason = f"an error in the link: {type(error).__name__}"
            self._client = None
            self._moved()
            if self._stopping.is_set():
                return
            _log.info("no link: %s", reason)
            self._heard(Disconnected(reason))
            retry_s = FIRST_RETRY_S if was_connected else min(retry_s * 2, LAST_RETRY_S)
            self._rest(random.uniform(FIRST_RETRY_S / 2, retry_s))  # noqa: S311

    def _rest(self, seconds: float) -> None:
        until_s = time.monotonic() + seconds
        while (left_s := until_s - time.monotonic()) > 0 and not self._wake.wait(min(left_s, _WAIT_S)):
            self._moved()

    def _connect_and_stay(self) -> bool:
        """True once it had been connected. Raises ``OSError`` or ``LinkError``."""
        client = self._new_client()
        self._client = client
        properties = Properties(PacketTypes.CONNECT)  # type: ignore[no-untyped-call]
        properties.SessionExpiryInterval = SESSION_EXPIRY_S
        client.connect(
            self._identity.broker_host,
            self._identity.broker_port,
            KEEPALIVE_S,
            clean_start=False,
            properties=properties,
        )
        code = MQTTErrorCode.MQTT_ERR_SUCCESS
        accepted = False
        while code == MQTTErrorCode.MQTT_ERR_SUCCESS:
            code = client.loop(timeout=_WAIT_S)
            self._moved()
            accepted = accepted or client.is_connected()
        if not accepted and self._end_reason:
            raise LinkError(self._end_reason)
        return accepted

    def _new_client(self) -> mqtt.Client:
        client = mqtt.Client(
            CallbackAPIVersion.VERSION2, client_id=self._identity.device, protocol=mqtt.MQTTv5
        )
        context = ssl.create_default_context(cafile=str(self._identity.authority))
        context.load_cert_chain(self._identity.certificate, self._identity.key)
        client.tls_set_context(context)
        client.will_set(
            topics.topic(self._identity.device, topics.PRESENCE), self._make_will(), qos=1, retain=True
        )
        client.on_socket_open = _set_socket_options
        # Makes publish() wake the loop instead of writing from its own thread: one thread a TLS socket.
        client.on_socket_register_write = _leave_to_the_loop
        client.on_connect = self._on_connect
        client.on_message = self._on_message
        client.on_publish = self._on_publish
        client.on_disconnect = self._on_disconnect
        return client

    def _on_connect(
        self, client: mqtt.Client, _data: object, _flags: object, code: ReasonCode, _properties: object
    ) -> None:
        if code.is_failure:
            self._end_reason = f"the broker refused this device: {code}"
            client.disconnect()
            return
        client.subscribe([(topics.everything_down(self._identity.device), SubscribeOptions(qos=1))])
        _log.info("linked to %s:%d", self._identity.broker_host, self._identity.broker_port)
        self._heard(Connected())

    def _on_message(self, _client: mqtt.Client, _data: object, message: mqtt.MQTTMessage) -> None:
        found = topics.parse(message.topic)
        if found is None:
            self._heard(
                Refused(f"a message came on a topic that is not in the contract: {message.topic[:200]}")
            )
            return
        self._heard(Arrived(found[1], bytes(message.payload)))

    def _on_publish(
        self, _client: mqtt.Client, _data: object, _mid: int, code: ReasonCode, _properties: object
    ) -> None:
        if code.is_failure:
            self._heard(Refused(f"the broker did not take a message: {code}"))

    def _on_disconnect(
        self, _client: mqtt.Client, _data: object, _flags: object, code: ReasonCode, _properties: object
    ) -> None:
        if code.is_failure and not self._end_reason:
            self._end_reason = f"the connection ended: {code}"


def _set_socket_options(_client: mqtt.Client, _data: object, connection: object) -> None:
    """Without TCP_NODELAY on both sides an echo took 68 ms instead of 1.6."""
    if not isinstance(connection, socket.socket):
        return
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, _UNACKNOWLEDGED_MS)


def _leave_to_the_loop(_client: mqtt.Client, _data: object, _socket: object) -> None:
    """The loop looks for something to write whenever it is woken."""


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
