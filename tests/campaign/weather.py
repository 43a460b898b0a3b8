"""Faults that affect the whole street: its processes are killed, alone or together, and strangers do harm."""

import asyncio
import random
import signal
import socket
import threading
import time
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack, suppress
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import paho.mqtt.client as mqtt
from paho.mqtt import publish
from paho.mqtt.enums import CallbackAPIVersion

from device.contract import topics
from device.contract.identity import new_id
from device.link.https import DeskOverHttps
from device.settings import Settings
from tests.campaign.board import Board
from tests.campaign.street import Street

# By a device in its own name: nothing that could be read as a call for help.
MALFORMED = (
    b'{"kind":"ringing","call_id":"ab/cd"}',
    b'{"kind":"text-message-sent","help_id":"../..","name":7}',
    b'{"kind":"\\u0000","help_id":"<script>"}',
    b'{"kind":"of-tomorrow","load":"' + b"x" * 100_000 + b'"}',
    b"[" * 5_000 + b"]" * 5_000,
)
STRANGERS_EACH = 300
MOST_OF_A_FLOOD = 5_000


class Weather:
    """Blows from ``start`` to ``stop``, then everything runs again."""

    def __init__(self, street: Street, board: Board, seed: int) -> None:
        self.faults: Counter[str] = Counter()
        self._street, self._board = street, board
        self._chance = random.Random(f"{seed}-weather")
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._blow, daemon=True, name="weather")

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._ending.set()
        if self._thread.is_alive():
            self._thread.join()

    def _blow(self) -> None:
        desk, broker = self._street.desk, self._street.broker
        strikes: dict[str, Callable[[], None]] = {
            "broker killed": lambda: self._away([broker], 4.0),
            "desk killed": self._kill_desk,
            "link worker killed": desk.link.kill,
            "all cut off": lambda: self._away([broker, desk.pages, desk.devices], 10.0),
            "idle connections": self._hold_open,
            "bad document": self._send_nonsense,
            "malformed event": self._send_malformed,
            "flood": self._flood,
            "escalation killed": desk.escalation.kill,
            "alarm process killed": self._street.partner.alarms.kill,
            "alarm centre silent": self._silence_centre,
            "alarm centre busy": lambda: self._street.partner.be_busy(self._chance.randint(1, 5)),
            "board hangs": lambda: self._board.hang(self._chance.uniform(30.0, 75.0)),
        }
        while not self._ending.wait(self._chance.uniform(3.0, 9.0)):
            fault = self._chance.choice(list(strikes))
            self.faults[fault] += 1
            strikes[fault]()

    def _silence_centre(self) -> None:
        """One of its servers, or both, hear nothing."""
        which = self._chance.choice(((0,), (1,), (0, 1)))
        self._street.partner.fall_silent(which, self._ending, self._chance.uniform(3.0, 12.0))

    def _kill_desk(self) -> None:
        self._street.desk.pages.kill()
        self._street.desk.devices.kill()

    def _hold_open(self) -> None:
        """Strangers at every port, who send half of something and wait."""
        ports = self._street.place.ports
        with ExitStack() as strangers:
            for port in (ports.pages, ports.devices, ports.broker_devices):
                for number in range(STRANGERS_EACH):
                    with suppress(OSError):
                        address = f"127.0.3.{1 + number // 100}"
                        stranger = socket.create_connection(("127.0.0.1", port), 1, (address, 0))
                        strangers.callback(stranger.close)
                        stranger.sendall(b"POST /de")
            self._ending.wait(self._chance.uniform(1.0, 4.0))

    def _send_nonsense(self) -> None:
        """A calendar that no device can use, as a mistake of the desk's would send it."""
        street = self._street
        pki = street.place.desk / "pki"
        tablet = self._chance.choice(street.tablets)
        topic = topics.topic(tablet.device, topics.DESIRED["calendar"])
        payload = self._chance.choice((b"{", b'{"schema":1}', b"\xff" * 100, b"[" * 10_000))
        with suppress(OSError, ValueError):
            publish.single(
                topic,
                payload,
                qos=1,
                hostname="localhost",
                port=street.place.ports.broker_desk,
                client_id="nonsense",
                tls={
                    "ca_certs": str(pki / "ca.pem"),
                    "certfile": str(pki / "desk-link.pem"),
                    "keyfile": str(pki / "desk-link.key"),
                },
            )

    def _send_malformed(self) -> None:
        """Events that no desk can use, as a tablet that has gone wrong would send them."""
        tablet = self._chance.choice(self._street.tablets)
        identity = Settings.load(Path(tablet.core.command[-1])).identity()
        now = datetime.now(UTC)
        desk = DeskOverHttps(identity, lambda: now)
        for what in MALFORMED:
            # Each by itself; a desk that is away, or that refuses, is not asked twice.
            with suppress(OSError):
                asyncio.run(desk.hand_over([_event(what, now)]))

    def _flood(self) -> None:
        """One tablet that says as much as it can for some seconds, small and large, at broker and desk."""
        identity = Settings.load(Path(self._street.stranger.core.command[-1])).identity()
        now = datetime.now(UTC)
        topic = topics.topic(identity.device, topics.EVENT)
        client = mqtt.Client(CallbackAPIVersion.VERSION2, protocol=mqtt.MQTTv5)
        client.tls_set(str(identity.authority), str(identity.certificate), str(identity.key))
        with suppress(OSError):
            client.connect("localhost", self._street.place.ports.broker_devices)
            client.loop_start()
            ends_s = time.monotonic() + self._chance.uniform(1.0, 4.0)
            sent = 0
            while time.monotonic() < ends_s and sent < MOST_OF_A_FLOOD and not self._ending.is_set():
                large = b"x" * (900_000 if sent % 100 == 0 else 2_000)
                client.publish(topic, _event(b'{"kind":"of-a-flood","load":"' + large + b'"}', now), 1)
                sent += 1
            desk = DeskOverHttps(identity, lambda: now)
            for _ in range(20):
                with suppress(OSError):
                    asyncio.run(desk.hand_over([_event(b'{"kind":"of-a-flood"}', now)] * 50))
        client.disconnect()
        client.loop_stop()

    def _away(self, parts: list, most_s: float) -> None:  # type: ignore[type-arg]
        for part in parts:
            part.stop(signal.SIGKILL)
        self._ending.wait(self._chance.uniform(0.3, most_s))
        for part in parts:
            part.start()


def _event(what: bytes, now: datetime) -> bytes:
    """A whole envelope around something that no desk knows."""
    frame = {"sequence": -1, "boot_id": "b", "monotonic_s": 1, "happened_at": now, "clock_trusted": True}
    envelope = {"schema": 1, "id": new_id(now), "type": topics.EVENT.type, "sent_at": now}
    return msgspec.json.encode({**envelope, "body": {**frame, "what": msgspec.Raw(what)}})
