"""One simulated tablet: it answers as a real one, without rules, store and screen behind it."""

import asyncio
import contextlib
import random
import ssl
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import paho.mqtt.client as mqtt
from paho.mqtt.enums import CallbackAPIVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

from device.contract import topics
from device.contract.commands import Answer
from device.contract.documents import Document, Reported
from device.contract.events import Happening, HelpRaised, Received, WireEvent
from device.contract.identity import new_id
from device.contract.queue import InLine
from device.contract.topics import Channel
from device.contract.vital import Fault, Heartbeat, Presence
from device.contract.wire import seal, unseal
from device.link.outbox import FIRST_PATIENCE_S, SAY_AGAIN_S
from device.link.pace import wait_s

HEARTBEAT_S = 60.0
VERSION = "0.1.0"
_NO_MATCHING_SUBSCRIBERS = 0x10
_NAMES: dict[str, Document] = {channel.suffix: name for name, channel in topics.DESIRED.items()}


class _VersionOnly(msgspec.Struct):
    version: int


class SimulatedTablet:
    """Lives on the loop that makes it; only the handshake is done in a thread."""

    def __init__(self, folder: Path, authority: Path, port: int, handshakes: ThreadPoolExecutor) -> None:
        self.id = folder.name
        self.linked = asyncio.Event()
        self.faults: list[Fault] = []
        # Sessions and events of a later start have higher numbers than those of this one.
        self.session = self._sequence = int(time.time())
        self.reported: dict[Document, Reported] = {}
        self._waiting: dict[str, tuple[bytes, asyncio.Future[float]]] = {}
        self._heard_s = 0.0
        self._port = port
        self._handshakes = handshakes
        self._loop = asyncio.get_running_loop()
        self.when_painted: Callable[[Document, bytes], object] = lambda _name, _body: None
        self._ended = asyncio.Event()
        self._trust = ssl.create_default_context(cafile=str(authority))
        self._trust.load_cert_chain(str(folder / "certificate.pem"), str(folder / "key.pem"))
        self._client: mqtt.Client | None = None

    async def live(self) -> None:
        """Connects, beats, and connects again, until it is cancelled."""
        failures = 0
        while True:
            failures = 0 if await self._be_connected() else failures + 1
            await asyncio.sleep(wait_s(failures, random.random()))

    async def tell(self, what: Happening) -> float:
        """Sends an event until it is receipted; how long that took, in seconds."""
        self._sequence += 1
        now = datetime.now(UTC)
        event = WireEvent(
            sequence=self._sequence,
            boot_id="boot",
            monotonic_s=time.monotonic(),
            happened_at=now,
            clock_trusted=True,
            what=what,
        )
        id_ = new_id(now)
        payload = seal(event, topics.EVENT.type, sent_at=now, id_=id_)
        began_s = time.monotonic()
        receipt: asyncio.Future[float] = self._loop.create_future()
        self._waiting[id_] = payload, receipt
        self._publish(topics.EVENT, payload)
        while True:
            await asyncio.wait([receipt], timeout=FIRST_PATIENCE_S)
            if receipt.done():
                return receipt.result() - began_s
            self._lose_patience()

    async def press(self) -> float:
        """Asks for help; how long until the desk had it."""
        return await self.tell(HelpRaised(help_id=new_id(datetime.now(UTC)), source="button"))

    def beat(self) -> None:
        """Send a heartbeat with the newest health."""
        health = Heartbeat(
            version=VERSION,
            uptime_s=time.monotonic(),
            clock_trusted=True,
            screen_silent_s=0,
            outbox=len(self._waiting),
            faults=self.faults,
        )
        self._say(topics.HEARTBEAT, health)

    def say_in_line(self, body: InLine) -> None:
        """Say that this visit's screen is there."""
        self._say(topics.IN_LINE, body)

    def versions(self) -> dict[str, int]:
        """Of each document, what is painted."""
        return {name: each.painted_version for name, each in self.reported.items()}

    async def _be_connected(self) -> bool:
        self._ended.clear()
        self.linked.clear()
        self.session += 1
        self._client = client = self._new_client()
        try:
            await self._loop.run_in_executor(self._handshakes, self._connect, client)
            await self._beat_until_the_end(client)
        except OSError:
            return False
        finally:
            self._leave(client)
        was_linked = self.linked.is_set()
        self.linked.clear()
        return was_linked

    async def _beat_until_the_end(self, client: mqtt.Client) -> None:
        next_beat_s = time.monotonic() + random.uniform(0, HEARTBEAT_S)
        while not self._ended.is_set():
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._ended.wait(), 5.0)
            client.loop_misc()
            if time.monotonic() >= next_beat_s and self.linked.is_set():
                next_beat_s += HEARTBEAT_S
                self.beat()

    def _connect(self, client: mqtt.Client) -> None:
        properties = Properties(PacketTypes.CONNECT)  # type: ignore[no-untyped-call]
        properties.SessionExpiryInterval = 7 * 24 * 3600
        client.connect("localhost", self._port, 30, clean_start=False, properties=properties)

    def _new_client(self) -> mqtt.Client:
        client = mqtt.Client(
            CallbackAPIVersion.VERSION2, client_id=self.id, protocol=mqtt.MQTTv5, reconnect_on_failure=False
        )
        client.tls_set_context(self._trust)
        will = Presence(online=False, session=self.session)
        sealed = seal(will, topics.PRESENCE.type, sent_at=datetime.now(UTC))
        client.will_set(topics.topic(self.id, topics.PRESENCE), sealed, qos=1)
        client.suppress_exceptions = True
        client.on_socket_open = self._socket_opened
        client.on_socket_close = self._socket_closed
        client.on_socket_register_write = self._wants_to_write
        client.on_socket_unregister_write = self._has_written
        client.on_connect = self._on_connect
        client.on_message = self._on_message
        client.on_publish = self._on_publish
        client.on_disconnect = lambda *_: self._end(client)
        return client

    def _socket_opened(self, client: mqtt.Client, _data: Any, connection: Any) -> None:
        connection.setsockopt(6, 1, 1)
        self._loop.call_soon_threadsafe(self._listen, client, connection)

    def _listen(self, client: mqtt.Client, connection: Any) -> None:
        if connection.fileno() >= 0:
            self._loop.add_reader(connection, self._read, client, connection)

    def _read(self, client: mqtt.Client, connection: Any) -> None:
        client.loop_read(20)
        while connection.fileno() >= 0 and connection.pending():
            client.loop_read(20)

    def _socket_closed(self, client: mqtt.Client, _data: Any, connection: Any) -> None:
        descriptor = connection.fileno()
        if descriptor >= 0:
            self._loop.remove_reader(descriptor)
            self._loop.remove_writer(descriptor)
        self._loop.call_soon_threadsafe(self._end, client)

    def _end(self, client: mqtt.Client) -> None:
        """Of an earlier connection nothing matters any more."""
        if client is self._client:
            self._ended.set()

    def _wants_to_write(self, client: mqtt.Client, _data: Any, connection: Any) -> None:
        self._loop.call_soon_threadsafe(self._listen_for_room, client, connection)

    def _listen_for_room(self, client: mqtt.Client, connection: Any) -> None:
        if connection.fileno() >= 0:
            self._loop.add_writer(connection, client.loop_write)
            client.loop_write()

    def _has_written(self, _client: mqtt.Client, _data: Any, connection: Any) -> None:
        if connection.fileno() >= 0:
            self._loop.remove_writer(connection)

    def _on_connect(self, client: mqtt.Client, _data: Any, _flags: Any, code: Any, _more: Any) -> None:
        if code.is_failure:
            self._ended.set()
            return
        client.subscribe(topics.everything_down(self.id), qos=1)
        self.linked.set()
        self._say_online()
        self._say_waiting()

    def _on_publish(self, _client: mqtt.Client, _data: Any, _mid: int, code: Any, _more: Any) -> None:
        if code.value == _NO_MATCHING_SUBSCRIBERS and self._waiting:
            self._loop.call_later(SAY_AGAIN_S, self._say_waiting)

    def _say_waiting(self) -> None:
        for payload, _ in list(self._waiting.values()):
            self._publish(topics.EVENT, payload)

    def _on_message(self, _client: mqtt.Client, _data: Any, message: mqtt.MQTTMessage) -> None:
        parsed = topics.parse(message.topic)
        if parsed is None or not message.payload:
            return
        channel = parsed[1]
        envelope = unseal(bytes(message.payload), channel.type)
        if channel is topics.RECEIVED:
            self._heard_s = time.monotonic()
            for id_ in msgspec.json.decode(envelope.body, type=Received).ids:
                if waiting := self._waiting.pop(id_, None):
                    waiting[1].set_result(time.monotonic())
        elif channel is topics.ROLL_CALL:
            self._say_online()
        elif channel is topics.COMMAND:
            self._say(topics.ANSWER, Answer(stage="done"), correlation=envelope.id)
        elif name := _NAMES.get(channel.suffix):
            self._paint(name, msgspec.json.decode(envelope.body, type=_VersionOnly).version)
            self.when_painted(name, bytes(envelope.body))

    def _say_online(self) -> None:
        documents = list(self.reported.values())
        self._say(topics.PRESENCE, Presence(online=True, session=self.session, documents=documents))

    def _paint(self, name: Document, version: int) -> None:
        reported = Reported(
            document=name, received_version=version, painted_version=version, painted_at=datetime.now(UTC)
        )
        self.reported[name] = reported
        self._say(topics.REPORTED[name], reported)

    def _say(self, channel: Channel, body: Any, correlation: str | None = None) -> None:
        self._publish(channel, seal(body, channel.type, sent_at=datetime.now(UTC), correlation=correlation))

    def _publish(self, channel: Channel, payload: bytes) -> None:
        if self._client and self.linked.is_set():
            self._client.publish(topics.topic(self.id, channel), payload, channel.qos)

    def _lose_patience(self) -> None:
        """Reconnect where no receipt arrives, as the device's outbox does."""
        if self._client and time.monotonic() - self._heard_s >= FIRST_PATIENCE_S:
            self._heard_s = time.monotonic()
            self._leave(self._client)

    def _leave(self, client: mqtt.Client) -> None:
        connection: Any = client.socket()
        if connection is not None and connection.fileno() >= 0:
            self._loop.remove_reader(connection)
            self._loop.remove_writer(connection)
            connection.close()
        self._ended.set()
