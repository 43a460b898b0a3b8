"""The desk's tables over a real Janus, and everybody who sits at one."""

import asyncio
import sys
import threading
import time
from collections.abc import Coroutine
from pathlib import Path
from typing import Any, Protocol, TypeVar

import msgspec

from cloud.cafe.janus import Janus
from cloud.cafe.notices import Notice, Presence, SeatTaken, Shown
from cloud.cafe.sessions import Leave, Rules
from cloud.cafe.sfu import Connections
from cloud.cafe.tables import Tables
from provisioning.demo.managed_process import ManagedProcess
from provisioning.demo.place import REPOSITORY
from provisioning.janus import configured
from tests.bench.cafe.crowd import Order, Said
from tests.link.waiting import eventually

ROOM = "room-1"
T = TypeVar("T")


class Guest(Protocol):
    """A participant at the table."""

    name: str

    async def notify(self, notice: Notice) -> None:
        """Take a notice of the table."""


class Table:
    """Engine, rules and director, on a loop in a thread of its own."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        socket = folder / "run" / "janus"
        command = configured(folder / "settings", socket)
        self.engine = ManagedProcess("the café's engine", command, log=folder / "janus.log")
        self.engine.start()
        self.loop = asyncio.new_event_loop()
        threading.Thread(target=self.loop.run_forever, daemon=True, name="table").start()
        self.guests: dict[str, Guest] = {}
        self.people: frozenset[str] = frozenset()
        self.shown: list[tuple[float, str, str]] = []
        self.seated_at_s: dict[str, float] = {}
        self._rules = Rules(hosts=frozenset(), closes_s=time.time() + 7200, may_begin_again=True)
        self._tables = Tables(Janus(socket), tell=self._tell, tell_desk=self._tell_desk, now_s=time.time)
        self._running = asyncio.run_coroutine_threadsafe(self._tables.run(), self.loop)
        self.await_engine()

    def do(self, work: Coroutine[Any, Any, T], timeout_s: float = 60.0) -> T:
        """Runs it on the table's loop."""
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(timeout_s)

    async def enter(self, guest: Guest, offers: Connections) -> None:
        self.guests[guest.name] = guest
        await self._tables.enter(ROOM, guest.name, offers, self._rules)

    async def answer(self, name: str, answer: str) -> None:
        """Somebody's answer to the picture that they are shown."""
        await self._tables.answer(ROOM, name, answer)

    def leave(self, name: str) -> None:
        self.do(self._tables.happen(ROOM, Leave(name)))

    def await_people(self, count: int) -> None:
        """Wait until so many are seated and each has been notified."""
        eventually(lambda: len(self.people & self.seated_at_s.keys()) == count, f"{count} at the table", 60)

    def await_engine(self, *, there: bool = True) -> None:
        """Wait until the engine can be reached, or cannot any more."""
        eventually(lambda: self._tables.is_reachable == there, f"the café's engine is there: {there}", 30)

    def close(self) -> None:
        self._running.cancel()
        self.engine.stop()
        self.loop.call_soon_threadsafe(self.loop.stop)

    async def _tell(self, _room: str, person: str, notice: Notice) -> None:
        match notice:
            case SeatTaken():
                self.seated_at_s[person] = time.perf_counter()
            case Shown(whom=whom):
                self.shown.append((time.perf_counter(), person, whom or ""))
        await self.guests[person].notify(notice)

    async def _tell_desk(self, presence: Presence) -> None:
        self.people = presence.people


class Crowd:
    """The process of the simulated people."""

    def __init__(self, table: Table) -> None:
        self._table = table
        self._process: asyncio.subprocess.Process
        self._waiting: dict[str, asyncio.Future[Said]] = {}
        table.do(self._start())
        self._reading = asyncio.run_coroutine_threadsafe(self._read(), table.loop)

    @property
    def pid(self) -> int:
        return self._process.pid

    def enters(self, name: str, hz: int = 0) -> None:
        """Add a participant with a tone of this frequency, or silence."""
        self._table.do(self._enters(name, hz))

    def leaves(self, name: str) -> None:
        self._table.leave(name)
        self._table.do(self.order(Order("leave", name)))

    async def order(self, order: Order) -> None:
        """Tells the process; on the table's loop."""
        assert self._process.stdin
        self._process.stdin.write(msgspec.json.encode(order) + b"\n")
        await self._process.stdin.drain()

    async def ask(self, order: Order) -> Said:
        """Tells the process, and waits for what it says."""
        self._waiting[order.name] = asyncio.get_running_loop().create_future()
        await self.order(order)
        return await asyncio.wait_for(self._waiting[order.name], 30)

    def close(self) -> None:
        self._process.terminate()
        self._table.do(self._process.wait())
        self._reading.cancel()

    async def _enters(self, name: str, hz: int) -> None:
        said = await self.ask(Order("offer", name, hz=hz))
        await self._table.enter(CrowdGuest(name, self), Connections(said.sound, said.picture))

    async def answers(self, name: str, offer: str) -> None:
        """Their answer to a picture that they are shown."""
        said = await self.ask(Order("see", name, picture=offer))
        await self._table.answer(name, said.picture)

    async def _start(self) -> None:
        self._process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "tests.bench.cafe.crowd",
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            cwd=REPOSITORY,
            limit=1_000_000,
        )

    async def _read(self) -> None:
        assert self._process.stdout
        async for line in self._process.stdout:
            said = msgspec.json.decode(line, type=Said)
            self._waiting.pop(said.name).set_result(said)


class CrowdGuest:
    """One of the crowd, as the table knows them."""

    def __init__(self, name: str, crowd: Crowd) -> None:
        self.name = name
        self._crowd = crowd
        self._later: set[asyncio.Task[None]] = set()

    async def notify(self, notice: Notice) -> None:
        """Connects, and answers each new picture; the table does not wait for it."""
        match notice:
            case SeatTaken(answers=answers):
                order = Order("take", self.name, sound=answers.sound, picture=answers.picture)
                await self._crowd.order(order)
            case Shown(offer=offer) if offer:
                keep(self._later, self._crowd.answers(self.name, offer))


def keep(tasks: set[asyncio.Task[None]], work: Coroutine[Any, Any, None]) -> None:
    """Starts it on this loop, and keeps it until it is done."""
    task = asyncio.ensure_future(work)
    tasks.add(task)
    task.add_done_callback(tasks.discard)
