"""What befalls the whole street: broker, desk and link worker die, alone or together."""

import random
import signal
import socket
import threading
from collections import Counter
from contextlib import ExitStack, suppress

from paho.mqtt import publish

from device.contract import topics
from tests.campaign.street import Street

FAULTS = (
    "broker killed",
    "desk killed",
    "link worker killed",
    "all cut off",
    "idle connections",
    "bad document",
)
STRANGERS_EACH = 300


class Weather:
    """Blows from ``start`` to ``stop``, then everything runs again."""

    def __init__(self, street: Street, seed: int) -> None:
        self.faults: Counter[str] = Counter()
        self._street = street
        self._chance = random.Random(f"{seed}-weather")
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._blow, daemon=True, name="weather")

    def start(self) -> None:
        """From now on."""
        self._thread.start()

    def stop(self) -> None:
        """Calm."""
        self._ending.set()
        if self._thread.is_alive():
            self._thread.join()

    def _blow(self) -> None:
        desk = self._street.desk
        while not self._ending.wait(self._chance.uniform(3.0, 9.0)):
            fault = self._chance.choice(FAULTS)
            self.faults[fault] += 1
            match fault:
                case "broker killed":
                    self._away([self._street.broker], 4.0)
                case "desk killed":
                    desk.pages.kill()
                    desk.devices.kill()
                case "link worker killed":
                    desk.link.kill()
                case "all cut off":
                    self._away([self._street.broker, desk.pages, desk.devices], 10.0)
                case "idle connections":
                    self._hold_open()
                case "bad document":
                    self._send_nonsense()

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
                retain=True,
                hostname="localhost",
                port=street.place.ports.broker_desk,
                client_id="nonsense",
                tls={
                    "ca_certs": str(pki / "ca.pem"),
                    "certfile": str(pki / "desk-link.pem"),
                    "keyfile": str(pki / "desk-link.key"),
                },
            )

    def _away(self, parts: list, most_s: float) -> None:  # type: ignore[type-arg]
        for part in parts:
            part.stop(signal.SIGKILL)
        self._ending.wait(self._chance.uniform(0.3, most_s))
        for part in parts:
            part.start()
