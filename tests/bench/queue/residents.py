"""Simulated residents: real devices' identities at the real broker, each joining, writing and reading."""

import asyncio
import random
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime

import msgspec

from device.contract.documents import Document
from device.contract.identity import new_id
from device.contract.queue import InLine, QueueDocument, QueueJoined, QueueMessageSent, QueueVisit
from provisioning.demo.simulated import SimulatedTablet

BEAT_S = 1.5
PATIENCE_S = 600.0


@dataclass
class Samples:
    """Seconds by figure, and what went wrong; ``said`` is when an agent sent which text."""

    seconds: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    said: dict[str, float] = field(default_factory=dict)
    lost: int = 0
    doubled: int = 0
    served: int = 0
    joined: int = 0


class SimulatedResident:
    """Joins a queue again and again, with a pause to read, to write and between the visits."""

    def __init__(self, tablet: SimulatedTablet, queue: str, samples: Samples, pause_s: float) -> None:
        self._tablet = tablet
        self._queue = queue
        self._samples = samples
        self._pause_s = pause_s
        self._visit_id = ""
        self._newest: QueueVisit | None = None
        self._arrived = asyncio.Event()
        self._telling: set[asyncio.Task[float]] = set()
        tablet.when_painted = self._hear

    async def live(self, stopping: asyncio.Event) -> None:
        """Visit until this is set, and finish the visit that is open."""
        beating = asyncio.create_task(self._say_in_line())
        try:
            await self._pause(5)
            while not stopping.is_set():
                await self._visit()
                await self._pause(5)
            await asyncio.gather(*self._telling)
        finally:
            beating.cancel()

    async def _visit(self) -> None:
        visit_id = self._visit_id = new_id(datetime.now(UTC))
        self._samples.joined += 1
        began_s = time.monotonic()
        self._tell(QueueJoined(visit_id=visit_id, queue_id=self._queue, way="text"))
        if await self._wait(visit_id, "waiting", "served"):
            self._samples.seconds["join"].append(time.monotonic() - began_s)
        if not await self._wait(visit_id, "served", "ended"):
            self._samples.lost += 1
            return
        for number in (1, 2):
            await self._pause(1)
            self._tell(QueueMessageSent(visit_id=visit_id, number=number, text=f"{visit_id} {number}"))
        ended = await self._wait(visit_id, "ended")
        self._visit_id = ""
        if ended is None:
            self._samples.lost += 1
            return
        own = [message.own_number for message in ended.messages if message.author == "customer"]
        self._samples.lost += len({1, 2} - set(own))
        self._samples.doubled += len(own) - len(set(own))
        self._samples.served += own == [1, 2]

    def _tell(self, what: QueueJoined | QueueMessageSent) -> None:
        task = asyncio.create_task(self._tablet.tell(what))
        self._telling.add(task)
        task.add_done_callback(self._telling.discard)

    async def _pause(self, times: float) -> None:
        await asyncio.sleep(random.uniform(0.5, 1.5) * times * self._pause_s)

    async def _wait(self, visit_id: str, *stages: str) -> QueueVisit | None:
        async def arrived() -> QueueVisit:
            while True:
                newest = self._newest
                if newest and newest.visit_id == visit_id and newest.stage in stages:
                    return newest
                self._arrived.clear()
                await self._arrived.wait()

        try:
            return await asyncio.wait_for(arrived(), PATIENCE_S)
        except TimeoutError:
            return None

    def _hear(self, name: Document, body: bytes) -> None:
        """What the agents said is timed when it arrives here."""
        if name != "queue":
            return
        self._newest = msgspec.json.decode(body, type=QueueDocument).visit
        for message in self._newest.messages if self._newest else []:
            said_s = self._samples.said.pop(message.text, None)
            if said_s is not None:
                self._samples.seconds["message_to_screen"].append(time.monotonic() - said_s)
        self._arrived.set()

    async def _say_in_line(self) -> None:
        while True:
            await asyncio.sleep(BEAT_S)
            if self._visit_id:
                self._tablet.say_in_line(InLine(visit_id=self._visit_id))


async def see_phantoms(
    tablets: list[SimulatedTablet], queue: str, is_away: Callable[[str], Awaitable[object]]
) -> list[float]:
    """Return how long after its screen fell silent the desk shows each as away; the connections stay."""

    async def see(tablet: SimulatedTablet) -> float:
        visit = new_id(datetime.now(UTC))
        await tablet.tell(QueueJoined(visit_id=visit, queue_id=queue, way="text"))
        tablet.say_in_line(InLine(visit_id=visit))
        began_s = time.monotonic()
        while not await is_away(visit):
            await asyncio.sleep(0.1)
        return time.monotonic() - began_s

    return await asyncio.gather(*(asyncio.wait_for(see(tablet), 30) for tablet in tablets))
