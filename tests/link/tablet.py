"""A device as the desk sees it: an identity, and its messages at the broker."""

import contextlib
import socket
import ssl
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import paho.mqtt.client as mqtt
from cryptography.hazmat.primitives.asymmetric import ec
from paho.mqtt.enums import CallbackAPIVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

from device.contract import topics
from device.contract.commands import Answer
from device.contract.documents import Reported
from device.contract.errors import ContractError
from device.contract.events import Happening, Received, WireEvent
from device.contract.identity import new_id
from device.contract.topics import Channel
from device.contract.vital import Presence
from device.contract.wire import Envelope, seal, unseal
from tests.link.waiting import eventually

ALL_TYPES = tuple({channel.type for channel in topics.DOWN})


@dataclass(frozen=True)
class Identity:
    """Files with which a device, or somebody who would like to be one, comes to the broker."""

    id: str
    key: ec.EllipticCurvePrivateKey
    directory: Path
    authority: Path

    @property
    def certificate_file(self) -> Path:
        """Return the certificate's file, PEM."""
        return self.directory / "certificate.pem"

    @property
    def key_file(self) -> Path:
        """Return the key's file, PEM."""
        return self.directory / "key.pem"


@dataclass
class Tablet:
    """Sends as one identity; received messages are in ``heard``, oldest first."""

    identity: Identity
    port: int
    client_id: str = ""
    will: bytes | None = None
    heard: list[tuple[str, Envelope]] = field(default_factory=list)
    topics_heard: list[str] = field(default_factory=list)
    when_heard: Callable[[str, Envelope], object] = lambda _topic, _envelope: None
    refusals: dict[int, str] = field(default_factory=dict)
    reason: str = ""
    sequence: int = 0
    _acknowledged: set[int] = field(default_factory=set)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        self.client = mqtt.Client(
            CallbackAPIVersion.VERSION2,
            client_id=self.client_id or self.identity.id,
            protocol=mqtt.MQTTv5,
            reconnect_on_failure=False,
        )
        self.client.tls_set(
            ca_certs=str(self.identity.authority),
            certfile=str(self.identity.certificate_file),
            keyfile=str(self.identity.key_file),
            tls_version=ssl.PROTOCOL_TLS_CLIENT,
        )
        self.client.on_socket_open = _without_delay
        self.client.on_message = self._on_message
        self.client.on_publish = self._on_publish
        self.client.on_disconnect = self._on_disconnect
        self.client.on_subscribe = self._on_subscribe
        self.granted: list[str] = []

    @property
    def id(self) -> str:
        return self.identity.id

    def connect(self, session_s: int = 3600) -> "Tablet":
        """Comes to the broker and listens on ``down/#``."""
        properties = Properties(PacketTypes.CONNECT)  # type: ignore[no-untyped-call]
        properties.SessionExpiryInterval = session_s
        if self.will is not None:
            self.client.will_set(self.topic(topics.PRESENCE), self.will, qos=1)
        self.client.connect("localhost", self.port, keepalive=30, clean_start=False, properties=properties)
        self.client.loop_start()
        eventually(self.client.is_connected, "connected to the broker")
        self.listen(f"{topics.ROOT}/{self.id[0]}/{self.id}/down/#")
        return self

    def listen(self, pattern: str) -> str:
        """Subscribes; the broker's answer in words."""
        self.granted.clear()
        self.client.subscribe(pattern, qos=1)
        return eventually(lambda: list(self.granted), f"an answer for {pattern}")[0]

    def leave(self) -> None:
        self.client.disconnect()
        self.client.loop_stop()

    def vanish(self) -> None:
        """The connection breaks; the broker publishes the will."""
        connection = self.client.socket()
        self.client.loop_stop()
        if connection is not None:
            connection.close()

    def topic(self, channel: Channel) -> str:
        """The topic of one of our channels."""
        return topics.topic(self.id, channel)

    def publish(self, topic: str, payload: bytes, *, qos: int = 1) -> str:
        """Publishes and waits for the broker's answer: empty, or why it refused."""
        info = self.client.publish(topic, payload, qos=qos)
        if qos:
            eventually(lambda: info.mid in self._acknowledged, f"an acknowledgement on {topic}")
        return self.refusals.get(info.mid, "")

    def say(self, channel: Channel, body: Any, **options: Any) -> str:
        """Publishes a message of the contract; the envelope's id."""
        now = datetime.now(UTC)
        id_ = options.setdefault("id_", new_id(now))
        payload = seal(body, channel.type, sent_at=now, **options)
        assert self.publish(self.topic(channel), payload, qos=channel.qos) == ""
        return str(id_)

    def tell(self, what: Happening, id_: str | None = None) -> str:
        """Publishes an event; its id."""
        return self.say(topics.EVENT, self.event(what), id_=id_ or new_id(datetime.now(UTC)))

    def insist(self, what: Happening, id_: str | None = None) -> str:
        """Tells an event again and again until it is receipted, as a device does; its id."""
        id_ = self.tell(what, id_)
        for _ in range(20):
            with contextlib.suppress(AssertionError):
                self.wait_for_receipt(id_, 1.0)
                break
            self.tell(what, id_)
        self.wait_for_receipt(id_)
        return id_

    def event(self, what: Happening) -> WireEvent:
        """The next event of this device."""
        self.sequence += 1
        return WireEvent(
            sequence=self.sequence,
            boot_id="boot",
            monotonic_s=1.0,
            happened_at=datetime.now(UTC),
            clock_trusted=True,
            what=what,
        )

    def answer(self, command: Envelope, stage: Any, reason: str = "") -> None:
        self.say(topics.ANSWER, Answer(stage=stage, reason=reason), correlation=command.id)

    def appear(self, session: int = 1, *, online: bool = True, has: Sequence[Reported] = ()) -> None:
        """Says that it is there, with which documents, or that it is not."""
        documents = list(has) if online else None
        self.say(topics.PRESENCE, Presence(online=online, session=session, documents=documents))

    def envelopes(self, channel: Channel) -> list[Envelope]:
        """Return the messages received on a channel so far."""
        with self._lock:
            return [envelope for topic, envelope in self.heard if topic == self.topic(channel)]

    def hear(self, channel: Channel, such: Callable[[Envelope], object] = lambda _: True) -> Envelope:
        fitting = eventually(
            lambda: [each for each in self.envelopes(channel) if such(each)], f"a message on {channel.suffix}"
        )
        return fitting[0]

    def receipts(self) -> list[str]:
        """Ids of all events that the desk says it has committed."""
        bodies = [msgspec.json.decode(each.body, type=Received) for each in self.envelopes(topics.RECEIVED)]
        return [id_ for body in bodies for id_ in body.ids]

    def wait_for_receipt(self, id_: str, timeout_s: float = 10.0) -> None:
        """Waits until the desk says that it has committed this event."""
        eventually(lambda: id_ in self.receipts(), f"a receipt for {id_}", timeout_s)

    def _on_message(self, _client: Any, _data: Any, message: mqtt.MQTTMessage) -> None:
        if not message.payload:
            return
        self.topics_heard.append(message.topic)
        with contextlib.suppress(ContractError):
            envelope = unseal(bytes(message.payload), *ALL_TYPES)
            with self._lock:
                self.heard.append((message.topic, envelope))
            self.when_heard(message.topic, envelope)

    def _on_publish(self, _client: Any, _data: Any, mid: int, reason: Any, _more: Any) -> None:
        if reason.is_failure:
            self.refusals[mid] = str(reason)
        self._acknowledged.add(mid)

    def _on_subscribe(self, _client: Any, _data: Any, _mid: int, reasons: Any, _more: Any) -> None:
        self.granted.extend(str(reason) for reason in reasons)

    def _on_disconnect(self, _client: Any, _data: Any, _flags: Any, reason: Any, _more: Any) -> None:
        self.reason = str(reason)


def _without_delay(_client: Any, _data: Any, connection: Any) -> None:
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
