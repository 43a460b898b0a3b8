"""The modem of one home at a real serial line, and the phones of its two contacts."""

import random
import threading
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from hal.gsm_text import decode
from tests.hal.scripted_modem import ScriptedModem, deliver_pdus, read_submit


class Heard(NamedTuple):
    """A text message that the network took: when, its recipient, its text, and whether the phone got it."""

    at: datetime
    number: str
    text: str
    delivered: bool


class ContactPhones(ScriptedModem):
    """Keeps every message; a contact who is ``willing`` answers each one that asks, after a moment."""

    def __init__(self, folder: Path, chance: random.Random) -> None:
        super().__init__(folder)
        self.heard: list[Heard] = []
        self.answered: list[tuple[datetime, str]] = []
        self.willing: frozenset[str] = frozenset()
        self._chance = chance
        self._plugging = threading.Lock()

    def pull_out(self, seconds: float) -> None:
        """And in again after a while."""
        with self._plugging:
            self.unplug()
        timer = threading.Timer(seconds, self.put_back)
        timer.daemon = True
        timer.start()

    def put_back(self) -> None:
        """Restore the phones that are out."""
        with self._plugging:
            if self._thread is None:
                self.plug()

    def _take_pdu(self, body: str) -> None:
        """The network takes it; most phones get it, some are switched off."""
        number, deliver = read_submit(body)
        self.report_status = 0x00 if self._chance.random() < 0.8 else None
        text = decode(deliver.coding, deliver.units)
        self.heard.append(Heard(datetime.now(UTC), number, text, self.report_status == 0))
        super()._take_pdu(body)
        code = text.rpartition("COMING ")[2]
        if number in self.willing and "called for help" in text:
            timer = threading.Timer(self._chance.uniform(0.2, 1.5), self._answer, (number, f"Coming {code}!"))
            timer.daemon = True
            timer.start()

    def _answer(self, number: str, text: str) -> None:
        """A modem that is not there gets it from the network later."""
        with self._plugging:
            self.answered.append((datetime.now(UTC), number))
            if self._thread is not None:
                self.receive(number, text)
                return
            for body in deliver_pdus(number, text, reference=7):
                self.stored[max(self.stored, default=0) + 1] = body
