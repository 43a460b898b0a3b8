"""What befalls the whole street: broker, desk and link worker die, alone or together."""

import random
import signal
import threading
from collections import Counter

from tests.campaign.street import Street


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
            fault = self._chance.choice(("broker killed", "desk killed", "link worker killed", "all cut off"))
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

    def _away(self, parts: list, most_s: float) -> None:  # type: ignore[type-arg]
        for part in parts:
            part.stop(signal.SIGKILL)
        self._ending.wait(self._chance.uniform(0.3, most_s))
        for part in parts:
            part.start()
