"""A supervised paho-mqtt connection of the desk that survives every error."""

import logging
import random
import socket
import ssl
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import paho.mqtt.client as mqtt
from paho.mqtt.enums import CallbackAPIVersion, MQTTErrorCode
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode
from paho.mqtt.subscribeoptions import SubscribeOptions

log = logging.getLogger(__name__)

KEEPALIVE_S = 30
# paho checks its keepalive only between two waits for the socket: twice as often as it is due.
WAIT_S = 15.0
MOST_UNACKNOWLEDGED = 500
# The desk has few processes, and everything waits for them: reconnect quickly.
SHORTEST_WAIT_S, LONGEST_WAIT_S = 0.25, 1.0


@dataclass(frozen=True, kw_only=True)
class BrokerSettings:
    """The broker's address, and our identity there."""

    host: str
    port: int
    client_id: str
    authority: Path
    certificate: Path
    key: Path
    keepalive_s: int = KEEPALIVE_S


@dataclass(frozen=True)
class Arrived:
    """A message from the broker. ``connection`` counts our connections: a mid is valid in one only."""

    topic: str
    payload: bytes
    mid: int
    qos: int
    connection: int


class Listener(Protocol):
    """Called on the network thread; must return at once. Exceptions are logged and stop nothing."""

    def connected(self) -> None:
        """The broker has accepted us; subscribe now."""

    def arrived(self, message: Arrived) -> None:
        """A message arrived; call ``Session.acknowledge`` when it is safe."""

    def sent(self, mid: int, refusal: str, /) -> None:
        """The broker has accepted a published message, or refused it: then ``refusal`` says why."""

    def disconnected(self, reason: str, /) -> None:
        """The connection is lost; the session reconnects by itself."""


class Session:
    """Connects, and reconnects after a jittered delay of at most a second, until it is closed."""

    def __init__(self, settings: BrokerSettings, listener: Listener) -> None:
        self._settings = settings
        self._listener = listener
        self._connection = 0
        self._closing = threading.Event()
        self._connected = threading.Event()
        self._client = self._make_client()
        self._thread = threading.Thread(target=self._run, name=f"mqtt {settings.client_id}", daemon=True)

    def open(self) -> None:
        """Start connecting; returns at once."""
        self._thread.start()

    def close(self, timeout_s: float = 3.0) -> None:
        """Disconnect for good, and wait at most so long for the thread to end."""
        self._closing.set()
        if self.is_connected:
            self._client.disconnect()
        if self._thread.is_alive() and self._thread is not threading.current_thread():
            self._thread.join(timeout_s)

    @property
    def is_connected(self) -> bool:
        """Return whether the broker has accepted us and the connection is not known to be lost."""
        return self._connected.is_set()

    @property
    def is_alive(self) -> bool:
        """Return whether the network thread runs."""
        return self._thread.is_alive()

    def subscribe(self, filters: Sequence[str], *, qos: int, own: bool = True) -> None:
        """Subscribe to these topics; ``own`` is whether our own messages are delivered too."""
        options = SubscribeOptions(qos=qos, noLocal=not own)
        if filters:
            self._client.subscribe([(each, options) for each in filters])

    def unsubscribe(self, filters: Sequence[str]) -> None:
        """Remove subscriptions by their filters; messages under way may still arrive."""
        if filters:
            self._client.unsubscribe(list(filters))

    def publish(self, topic: str, payload: bytes, *, qos: int, expiry_s: int | None = None) -> int | None:
        """Publish a message; return the mid for ``Listener.sent``, or None without a connection."""
        if not self.is_connected:
            return None
        properties = Properties(PacketTypes.PUBLISH)  # type: ignore[no-untyped-call]
        properties.ContentType = "application/json"
        if expiry_s is not None:
            properties.MessageExpiryInterval = expiry_s
        info = self._client.publish(topic, payload, qos=qos, properties=properties)
        return info.mid if info.rc == mqtt.MQTT_ERR_SUCCESS else None

    def acknowledge(self, message: Arrived) -> None:
        """Acknowledge a message; ignored for one of an earlier connection."""
        if message.connection == self._connection and message.qos:
            self._client.ack(message.mid, message.qos)

    def _make_client(self) -> mqtt.Client:
        settings = self._settings
        client = mqtt.Client(
            CallbackAPIVersion.VERSION2,
            client_id=settings.client_id,
            protocol=mqtt.MQTTv5,
            reconnect_on_failure=False,
            manual_ack=True,
        )
        client.tls_set_context(_trust(settings))
        client.suppress_exceptions = True
        client.on_socket_open = _without_delay
        # Makes publish() wake the loop instead of writing from its own thread: two threads writing to one
        # socket mix their packets under load, and the broker closes the connection for a protocol error.
        client.on_socket_register_write = _leave_to_the_loop
        client.on_connect = self._on_connect
        client.on_disconnect = self._on_disconnect
        client.on_message = self._on_message
        client.on_publish = self._on_publish
        client.on_subscribe = self._on_subscribe
        return client

    def _run(self) -> None:
        wait_s = SHORTEST_WAIT_S
        while not self._closing.is_set():
            before = self._connection
            try:
                self._connect()
                # Not loop_forever(), which publish() from another thread does not wake.
                while self._client.loop(timeout=WAIT_S) == MQTTErrorCode.MQTT_ERR_SUCCESS:
                    pass
            except OSError as error:
                log.warning("The broker cannot be reached: %s", error)
            except Exception:
                log.exception("The connection to the broker failed")
            self._connected.clear()
            wait_s = SHORTEST_WAIT_S if self._connection > before else min(wait_s * 2, LONGEST_WAIT_S)
            self._closing.wait(wait_s * random.uniform(0.5, 1.0))  # noqa: S311

    def _connect(self) -> None:
        properties = Properties(PacketTypes.CONNECT)  # type: ignore[no-untyped-call]
        properties.ReceiveMaximum = MOST_UNACKNOWLEDGED
        self._client.connect(
            self._settings.host,
            self._settings.port,
            keepalive=self._settings.keepalive_s,
            clean_start=True,
            properties=properties,
        )

    def _on_connect(self, _client: Any, _data: Any, _flags: Any, reason: ReasonCode, _more: Any) -> None:
        if reason.is_failure:
            log.error("The broker refuses %s: %s", self._settings.client_id, reason)
            return
        if self._closing.is_set():
            self._client.disconnect()
            return
        self._connection += 1
        self._connected.set()
        self._tell(self._listener.connected)

    def _on_disconnect(self, _client: Any, _data: Any, _flags: Any, reason: ReasonCode, _more: Any) -> None:
        self._connected.clear()
        if not self._closing.is_set():
            log.warning("The connection to the broker is gone: %s", reason)
        self._tell(self._listener.disconnected, str(reason))

    def _on_message(self, _client: Any, _data: Any, message: mqtt.MQTTMessage) -> None:
        try:
            topic = message.topic
        except UnicodeDecodeError:
            topic = ""
        arrived = Arrived(topic, bytes(message.payload), message.mid, message.qos, self._connection)
        self._tell(self._listener.arrived, arrived)

    def _on_publish(self, _client: Any, _data: Any, mid: int, reason: ReasonCode, _more: Any) -> None:
        self._tell(self._listener.sent, mid, str(reason) if reason.is_failure else "")

    def _on_subscribe(self, _client: Any, _data: Any, _mid: int, reasons: Any, _more: Any) -> None:
        refused = [str(reason) for reason in reasons if reason.is_failure]
        if refused:
            log.error("The broker refuses a subscription of %s: %s", self._settings.client_id, refused[0])

    def _tell(self, listener: Any, *about: Any) -> None:
        try:
            listener(*about)
        except Exception:
            log.exception("A listener to the broker failed")


class _ClosingSocket(ssl.SSLSocket):
    """Works around paho-mqtt 2.2, which leaves a socket open whose handshake fails."""

    def do_handshake(self, block: bool = False) -> None:
        try:
            super().do_handshake(block)
        except BaseException:
            self.close()
            raise


def _trust(settings: BrokerSettings) -> ssl.SSLContext:
    context = ssl.create_default_context(cafile=str(settings.authority))
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.load_cert_chain(str(settings.certificate), str(settings.key))
    context.sslsocket_class = _ClosingSocket
    return context


def _leave_to_the_loop(_client: Any, _data: Any, _socket: Any) -> None:
    """Write nothing here: the loop checks for pending writes whenever it is woken."""


def _without_delay(_client: Any, _data: Any, connection: Any) -> None:
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
