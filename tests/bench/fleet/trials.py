"""What the fleet goes through, and how long help takes meanwhile."""

import asyncio
import random
import signal
import sys
import time
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from device.contract import topics
from device.contract.identity import partition
from provisioning.demo.simulated import SimulatedTablet
from tests.bench.fleet.place import FleetDesk
from tests.bench.screen.figures import percentile
from tests.bench.screen.meters import cpu_s, family, pss_mib

MOST_WAIT_S = 90.0
PRESS_EVERY_S = 0.1
AT_ONCE = 50
# Of the link, while one of them is killed.
WORKERS = 2


class Trials:
    """``figures`` fills with one trial after the other; ``run`` is the whole of it."""

    def __init__(
        self, place: FleetDesk, known: Callable[[dict[str, int]], int], owners: Callable[[], tuple[int, int]]
    ) -> None:
        self.figures: dict[str, float] = {}
        self._place = place
        self._known = known
        self._owners = owners
        self._tablets: list[SimulatedTablet] = []
        self._lives: list[asyncio.Task[None]] = []

    async def run(self) -> None:
        """Every trial, in an order in which none spoils the next."""
        with ThreadPoolExecutor(8) as handshakes:
            try:
                await self._arrive(handshakes)
                for trial in (self._rest, self._step, self._push, self._events, self._takeover, self._storm):
                    await trial()
                    sys.stderr.write(f"{trial.__name__.strip('_')}: {self.figures}\n")
            finally:
                for life in self._lives:
                    life.cancel()
                await asyncio.gather(*self._lives, return_exceptions=True)

    async def _arrive(self, handshakes: ThreadPoolExecutor) -> None:
        authority = self._place.desk.authority
        for name in self._place.devices():
            folder = self._place.identities / name
            self._tablets.append(SimulatedTablet(folder, authority, self._place.broker_port, handshakes))
        began_s = time.monotonic()
        for tablet in self._tablets:
            self._lives.append(asyncio.create_task(tablet.live()))
            if len(self._lives) % 20 == 0:
                await asyncio.sleep(0.1)
        await self._until(self._all_linked)
        self.figures["join_linked"] = time.monotonic() - began_s
        await self._until(lambda: all(len(each.reported) == len(topics.DESIRED) for each in self._tablets))
        self.figures["join_painted"] = time.monotonic() - began_s
        self.figures["join_known"] = await self._until_known(began_s)

    async def _rest(self) -> None:
        pids = {name: family([pid]) for name, pid in self._pids().items()}
        count = len(self._tablets)
        before = {name: cpu_s(each) for name, each in pids.items()}
        written = _written_bytes(pids["broker"])
        began_s = time.monotonic()
        await asyncio.sleep(20)
        lasted_s = time.monotonic() - began_s
        for name, each in pids.items():
            self.figures[f"rest_cpu_{name}"] = (cpu_s(each) - before[name]) / lasted_s
            self.figures[f"memory_{name}_mb"] = pss_mib(each)
        parts = ("broker", "worker")
        self.figures["cpu_per_device"] = sum(self.figures[f"rest_cpu_{part}"] for part in parts) / count
        self.figures["memory_broker_kb"] = self.figures["memory_broker_mb"] * 1024 / count
        megabytes = (_written_bytes(pids["broker"]) - written) / 1e6
        self.figures["written_at_rest_mb_per_min"] = megabytes * 60 / lasted_s
        await self._pressing("help_rest", asyncio.sleep(3))

    async def _step(self) -> None:
        async def all_beat() -> None:
            for number, tablet in enumerate(self._tablets):
                tablet.beat()
                if number % AT_ONCE == 0:
                    # So that those who press meanwhile are not held up by the others' part of this process.
                    await asyncio.sleep(0)
            await asyncio.sleep(3)

        await self._pressing("help_in_step", all_beat())

    async def _push(self) -> None:
        pushing = self._place.python("tests.bench.fleet.push")
        before = {tablet.id: tablet.versions().get("view", 0) for tablet in self._tablets}
        began_s = time.monotonic()
        pushing.start()
        wait = self._until(
            lambda: all(each.versions().get("view", 0) > before[each.id] for each in self._tablets)
        )
        try:
            await self._pressing("help_in_push", wait)
        finally:
            await asyncio.to_thread(pushing.stop)
        self.figures["push_all"] = time.monotonic() - began_s
        self.figures["push_known"] = await self._until_known(began_s)

    async def _events(self) -> None:
        from device.contract.events import Started

        rate = 0
        for offered in (200, 400, 600, 800, 1000, 1500, 2000, 2500):
            began_s = time.monotonic()
            deliveries: list[asyncio.Task[float]] = []
            while (now_s := time.monotonic() - began_s) < 3.0:
                while len(deliveries) < offered * now_s:
                    tablet = random.choice(self._tablets)
                    deliveries.append(asyncio.create_task(tablet.tell(Started(version="1"))))
                await asyncio.sleep(0.005)
            took = await asyncio.gather(*deliveries)
            if percentile(took, 95) > 1.0:
                break
            rate = offered
        self.figures["events_per_s"] = rate

    async def _storm(self) -> None:
        pid = self._place.broker.pid
        self._place.broker.stop(signal.SIGKILL)
        assert pid
        await asyncio.sleep(3)
        began_s = time.monotonic()
        await asyncio.to_thread(self._place.broker.start)
        await self._until(lambda: any(each.linked.is_set() for each in self._tablets))

        async def everybody_is_known() -> None:
            await self._until(self._all_linked)
            self.figures["storm_linked"] = time.monotonic() - began_s
            self.figures["storm_known"] = await self._until_known(began_s)

        await self._pressing("help_in_storm", everybody_is_known())
        sessions = {each.id: each.session for each in self._tablets}
        self.figures["storm_unknown"] = await asyncio.to_thread(self._known, sessions)

    async def _pressing(self, name: str, meanwhile: Awaitable[object]) -> None:
        """Somebody who is linked presses ten times a second, as long as this lasts."""
        presses: list[asyncio.Task[float]] = []
        lasting = asyncio.ensure_future(meanwhile)
        while not lasting.done():
            linked = [each for each in self._tablets if each.linked.is_set()]
            if linked:
                presses.append(asyncio.create_task(random.choice(linked).press()))
            await asyncio.sleep(PRESS_EVERY_S)
        await lasting
        done, late = await asyncio.wait(presses, timeout=60)
        took = [task.result() for task in done] + [60.0] * len(late)
        for task in late:
            task.cancel()
        self.figures[f"{name}_p50"], self.figures[f"{name}_p95"] = percentile(took, 50), percentile(took, 95)

    async def _takeover(self) -> None:
        """One of two workers is killed: until the other serves all, and help of each partition is there."""
        second = self._place.python("cloud", "link")
        await asyncio.to_thread(second.start)
        try:
            await self._until_shared_by(WORKERS)
            second.stop(signal.SIGKILL)
            began_s = time.monotonic()
            one_each = {partition(each.id): each for each in self._tablets}
            took = await asyncio.gather(*(each.press() for each in one_each.values()))
            self.figures["lease_takeover_help"] = max(took)
            await self._until_shared_by(1)
            self.figures["lease_takeover"] = time.monotonic() - began_s
        finally:
            await asyncio.to_thread(second.stop)

    async def _until_shared_by(self, workers: int) -> None:
        """Until all partitions are served, by so many workers."""
        began_s = time.monotonic()
        while await asyncio.to_thread(self._owners) != (workers, len(topics.PARTITIONS)):
            assert time.monotonic() - began_s < MOST_WAIT_S, "the leases are not shared out"
            await asyncio.sleep(0.2)

    async def _until_known(self, began_s: float) -> float:
        """Until the desk knows each tablet's newest session as online."""
        while time.monotonic() - began_s < MOST_WAIT_S:
            sessions = {each.id: each.session for each in self._tablets}
            if not await asyncio.to_thread(self._known, sessions):
                break
            await asyncio.sleep(0.5)
        return time.monotonic() - began_s

    async def _until(self, fact: Callable[[], bool]) -> None:
        """At most ``MOST_WAIT_S``: the figure then says that."""
        began_s = time.monotonic()
        while not fact() and time.monotonic() - began_s < MOST_WAIT_S:
            await asyncio.sleep(0.05)

    def _all_linked(self) -> bool:
        return all(each.linked.is_set() for each in self._tablets)

    def _pids(self) -> dict[str, int]:
        parts = {"broker": self._place.broker, "worker": self._place.desk.link, "web": self._place.desk.pages}
        return {name: part.pid for name, part in parts.items() if part.pid}


def _written_bytes(pids: list[int]) -> int:
    files = [Path("/proc", str(pid), "io") for pid in pids]
    return sum(int(file.read_text().split("\nwrite_bytes: ")[1].split()[0]) for file in files)
