"""Simulated residents: real devices' identities at the real broker, each joining, writing and waiting."""

import threading
import time
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, datetime

import msgspec

from device.contract import topics
from device.contract.identity import new_id
from device.contract.queue import InLine, QueueDocument, QueueJoined, QueueMessageSent, QueueVisit
from device.contract.wire import Envelope
from tests.link.tablet import Tablet

BEAT_S = 1.5
PATIENCE_S = 30.0
QUEUE = topics.DESIRED["queue"]


@dataclass
class Samples:
    """Seconds by figure, and what went wrong."""

    seconds: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    lost: int = 0
    doubled: int = 0
    served: int = 0
    joined: int = 0


class SimulatedResident:
    """Joins one queue repeatedly until stopped; sends presence every two seconds."""

    def __init__(self, tablet: Tablet, queue: str, samples: Samples, said: dict[str, float]) -> None:
        self._tablet = tablet
        self._queue = queue
        self._samples = samples
        self._stopping = threading.Event()
        self._visit_id = ""
        self._said = said
        self._newest: QueueVisit | None = None
        self._arrived = threading.Condition()
        tablet.when_heard = self._hear
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._beat = threading.Thread(target=self._say_in_line, daemon=True)

    def start(self) -> None:
        """Comes to the broker, and begins."""
        self._tablet.appear(int(time.time()))
        self._thread.start()
        self._beat.start()

    def stop(self) -> None:
        """Finishes the visit that is open, and goes."""
        self._stopping.set()
        self._thread.join(PATIENCE_S)
        self._beat.join(BEAT_S * 2)

    def _run(self) -> None:
        while not self._stopping.is_set():
            self._visit()

    def _visit(self) -> None:
        visit_id = self._visit_id = new_id_now()
        self._samples.joined += 1
        began_s = time.monotonic()
        self._tablet.tell(QueueJoined(visit_id=visit_id, queue_id=self._queue, way="text"))
        if self._wait(visit_id, "waiting", "served"):
            self._samples.seconds["join"].append(time.monotonic() - began_s)
        if not self._wait(visit_id, "served", "ended"):
            self._samples.lost += 1
            return
        for number in (1, 2):
            text = f"{visit_id} {number}"
            self._tablet.tell(QueueMessageSent(visit_id=visit_id, number=number, text=text))
        ended = self._wait(visit_id, "ended")
        self._visit_id = ""
        if ended is None:
            self._samples.lost += 1
            return
        own = [message.own_number for message in ended.messages if message.author == "customer"]
        self._samples.lost += len({1, 2} - set(own))
        self._samples.doubled += len(own) - len(set(own))
        self._samples.served += own == [1, 2]

    def _wait(self, visit_id: str, *stages: str) -> QueueVisit | None:
        def is_there() -> bool:
            return bool(self._newest and self._newest.visit_id == visit_id and self._newest.stage in stages)

        with self._arrived:
            return self._newest if self._arrived.wait_for(is_there, PATIENCE_S) else None

    def _hear(self, topic: str, envelope: Envelope) -> None:
        """On the network's thread: what the agents said is timed when it arrives here."""
        if topic != self._tablet.topic(QUEUE):
            return
        visit = msgspec.json.decode(envelope.body, type=QueueDocument).visit
        for message in visit.messages if visit else []:
            said_s = self._said.pop(message.text, None)
            if said_s is not None:
                self._samples.seconds["message_to_screen"].append(time.monotonic() - said_s)
        with self._arrived:
            self._newest = visit
            self._arrived.notify_all()

    def _say_in_line(self) -> None:
        while not self._stopping.wait(BEAT_S):
            if self._visit_id:
                self._tablet.say(topics.IN_LINE, InLine(visit_id=self._visit_id))


def new_id_now() -> str:
    """A fresh id for a visit."""
    return new_id(datetime.now(UTC))
