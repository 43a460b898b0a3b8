"""One paho-mqtt connection: opened, served until it ends, and never reopened."""

import logging
import socket
from collections.abc import Callable
from pathlib import Path

import paho.mqtt.client as mqtt
from paho.mqtt.enums import CallbackAPIVersion, MQTTErrorCode
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode
from paho.mqtt.subscribeoptions import SubscribeOptions

from device.contract import topics
from device.contract.topics import Channel
from device.link.events import Arrived, Connected, LinkError, LinkEvent, NobodyListens, Refused
from device.link.trust import trust
from device.settings import Identity

_log = logging.getLogger(__name__)

KEEPALIVE_S = 30
SESSION_EXPIRY_S = 7 * 24 * 3600
# MQTT 5, 3.14.2.1: another client has connected with the same client id.
_SESSION_TAKEN_OVER = 0x8E
# MQTT 5, 3.4.2.1.
_NO_MATCHING_SUBSCRIBERS = 0x10
# paho checks its keepalive only between two waits for the socket: twice as often as it is due.
WAIT_S = 15.0
# Linux closes a connection whose sent bytes stay unacknowledged for this long (tcp(7), TCP_USER_TIMEOUT).
_UNACKNOWLEDGED_MS = 20_000


class Connection:
    """One connection; ``heard`` is called on the thread that runs ``stay``."""

    def __init__(
        self, identity: Identity, certificate: Path, will: bytes, heard: Callable[[LinkEvent], None]
    ) -> None:
        self.end_reason = ""
        self.was_taken_over = self.was_given_up = False
        self._identity = identity
        self._heard = heard
        self._events: set[int] = set()
        self._client = self._new_client(will, certificate)

    def stay(self, moved: Callable[[], None]) -> bool:
        """Run the connection until it ends; return whether it was ever connected.

        Raises ``OSError`` or ``LinkError``.
        """
        client = self._client
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
            code = client.loop(timeout=WAIT_S)
            moved()
            accepted = accepted or client.is_connected()
        if not accepted and self.end_reason:
            raise LinkError(self.end_reason)
        return accepted

    def publish(self, channel: Channel, payload: bytes, expiry_s: int | None) -> None:
        """Publish a message if the broker is connected."""
        if not self._client.is_connected():
            return
        properties = Properties(PacketTypes.PUBLISH)  # type: ignore[no-untyped-call]
        properties.ContentType = "application/json"
        if expiry_s is not None:
            properties.MessageExpiryInterval = expiry_s
        full_topic = topics.topic(self._identity.device, channel)
        sent = self._client.publish(full_topic, payload, channel.qos, properties=properties)
        if channel is topics.EVENT:
            self._events.add(sent.mid)

    def give_up(self, reason: str) -> None:
        """Close the connection from another thread, also when nothing answers."""
        self.end_reason, self.was_given_up = reason, True
        connection = self._client.socket()
        if isinstance(connection, socket.socket):
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError as error:
                _log.debug("the connection was gone already: %s", error)

    def leave(self) -> None:
        """Close the connection so that the broker publishes the will."""
        self._client.disconnect(ReasonCode(PacketTypes.DISCONNECT, "Disconnect with will message"))

    def _new_client(self, will: bytes, certificate: Path) -> mqtt.Client:
        client = mqtt.Client(
            CallbackAPIVersion.VERSION2, client_id=self._identity.device, protocol=mqtt.MQTTv5
        )
        context = trust(self._identity.authority)
        context.load_cert_chain(certificate, self._identity.key)
        client.tls_set_context(context)
        client.will_set(topics.topic(self._identity.device, topics.PRESENCE), will, qos=1)
        client.on_socket_open = _set_socket_options
        # Makes publish() wake the loop instead of writing from its own thread: one thread per TLS socket.
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
            self.end_reason = f"the broker refused this device: {code}"
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
        self, _client: mqtt.Client, _data: object, mid: int, code: ReasonCode, _properties: object
    ) -> None:
        is_event = mid in self._events
        self._events.discard(mid)
        if is_event and code.value == _NO_MATCHING_SUBSCRIBERS:
            self._heard(NobodyListens())
        if code.is_failure:
            self._heard(Refused(f"the broker did not take a message: {code}"))

    def _on_disconnect(
        self, _client: mqtt.Client, _data: object, _flags: object, code: ReasonCode, _properties: object
    ) -> None:
        self.was_taken_over = self.was_taken_over or code.value == _SESSION_TAKEN_OVER
        if code.is_failure and not self.end_reason:
            self.end_reason = f"the connection ended: {code}"


def _set_socket_options(_client: mqtt.Client, _data: object, connection: object) -> None:
    """Without TCP_NODELAY on both sides an echo took 68 ms instead of 1.6."""
    if not isinstance(connection, socket.socket):
        return
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, _UNACKNOWLEDGED_MS)


def _leave_to_the_loop(_client: mqtt.Client, _data: object, _socket: object) -> None:
    """Write nothing here: the loop checks for pending writes whenever it is woken."""
