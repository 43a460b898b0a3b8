"""What both sides stand on: one display, one broker with the project's configuration, the desk's voice."""

import ssl
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Self

import paho.mqtt.client as mqtt
from msgspec import Struct
from paho.mqtt.enums import CallbackAPIVersion

from cloud.pki.authority import LINK, Authority
from device.contract import topics
from device.contract.events import Received
from device.contract.topics import Channel
from device.contract.wire import seal, unseal
from provisioning import broker
from provisioning.broker import BrokerPlace
from provisioning.demo.display import VirtualDisplay
from provisioning.demo.managed_process import ManagedProcess
from provisioning.demo.ports import a_free_port, answers
from tests.bench.screen.pixels import Pixels

# A browser cannot show a device's certificate without a person who confirms it: here it need not, which
# spares it the encryption too.
_FOR_THE_PAGE = """
listener {port} 127.0.0.1
protocol websockets
allow_anonymous true
"""


_EVENTS = f"{topics.ROOT}/+/+/{topics.EVENT.suffix}"


class Stage:
    """Started as a context manager; everything on it ends with it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.authority = Authority(folder / "pki")
        self.display = VirtualDisplay(folder / "display", folder / "log" / "display.log")
        self.device_port, self._desk_port, self.page_port = a_free_port(), a_free_port(), a_free_port()
        self._broker_place = BrokerPlace(
            directory=folder / "broker",
            pki=self.authority.directory,
            device_port=self.device_port,
            desk_port=self._desk_port,
        )
        command = broker.command(folder / "broker" / "mosquitto.conf")
        self.broker = ManagedProcess("the broker", command, log=folder / "log" / "broker.log", restarts=False)
        self.pixels: Pixels
        self.voice: Voice
        self._ends = ExitStack()

    def __enter__(self) -> Self:
        with ExitStack() as ends:
            self.authority.make(["localhost", "127.0.0.1"])
            ends.callback(self.display.stop)
            self.display.start()
            self.pixels = ends.enter_context(Pixels(self.display.frame_file))
            ends.callback(self.broker.stop)
            self.start_broker()
            self.voice = Voice(self.authority, self._desk_port)
            ends.callback(self.voice.close)
            self._ends = ends.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        self._ends.close()

    def start_broker(self) -> None:
        """Also after it was stopped; with what it kept."""
        configuration = broker.configure(self._broker_place)
        with configuration.open("a", encoding="utf-8") as file:
            # No link worker brings documents anew here: the broker keeps them, for both sides.
            file.write("retain_available true\n")
            file.write(_FOR_THE_PAGE.format(port=self.page_port))
        self.broker.start()
        ports = self.device_port, self._desk_port, self.page_port
        self.broker.wait_until(lambda: all(answers(port) for port in ports))


class Voice:
    """Publishes documents as the desk's link worker does, with its certificate, and confirms every event."""

    def __init__(self, authority: Authority, port: int) -> None:
        certificate, key = authority.client_files(LINK)
        self._client = mqtt.Client(CallbackAPIVersion.VERSION2, client_id="bench", protocol=mqtt.MQTTv5)
        self._client.max_inflight_messages_set(1000)
        self._client.tls_set(
            ca_certs=str(authority.certificate_file),
            certfile=str(certificate),
            keyfile=str(key),
            tls_version=ssl.PROTOCOL_TLS_CLIENT,
        )
        self._client.on_message = self._confirm
        self._client.on_connect = lambda client, *_: client.subscribe(_EVENTS, qos=1)
        self._client.reconnect_delay_set(max_delay=1)
        self._client.connect("localhost", port)
        self._client.loop_start()

    def is_back(self) -> bool:
        """Return whether the broker receives it, also after a restart."""
        return self._client.is_connected()

    def say(self, device: str, channel: Channel, document: Struct) -> None:
        """Hands one document to the broker and comes back at once."""
        payload = seal(document, channel.type, sent_at=datetime.now(UTC))
        is_document = channel in topics.DESIRED.values()
        self._client.publish(topics.topic(device, channel), payload, channel.qos, is_document)

    def _confirm(self, _client: mqtt.Client, _data: object, message: mqtt.MQTTMessage) -> None:
        """Confirm events: a device would otherwise reconnect."""
        device = message.topic.split("/")[3]
        event = unseal(bytes(message.payload), topics.EVENT.type)
        self.say(device, topics.RECEIVED, Received(ids=[event.id]))

    def close(self) -> None:
        self._client.disconnect()
        self._client.loop_stop()
