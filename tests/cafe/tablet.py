"""A tablet's own media at a table: its real classes, in a room that hums one tone."""

import asyncio
import time
from pathlib import Path
from threading import Event, Thread
from typing import Any

import numpy as np

from cloud.cafe.janus import Janus
from cloud.cafe.sfu import Connections
from device.media.camera import MovingBars
from device.media.messages import FromMedia
from device.media.sound import Hear, Play, Sound, Trouble
from device.media.table import Table
from device.media.table_messages import GuestAnswer, PrepareTable, SeeGuest, SitDown, TableReady
from device.window_protocol.frames import FrameReader

RATE_HZ, FRAME = 48_000, 960
BLOCKS_A_SECOND = RATE_HZ // FRAME


class Room:
    """A microphone and a loudspeaker without hardware: ``turn`` is called for each 20 ms of sound."""

    def __init__(self) -> None:
        self._stop = Event()
        self._thread = Thread(target=self._run, daemon=True)

    def turn(self, block: int, hear: Hear, play: Play) -> None:
        """Record this block, and play one."""
        raise NotImplementedError

    def warm_up(self) -> None:
        pass

    def start(self, hear: Hear, play: Play, trouble: Trouble) -> None:
        self._hear, self._play = hear, play
        self._thread.start()

    def close(self) -> None:
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join(1.0)

    def _run(self) -> None:
        began_s, block = time.monotonic(), 0
        while not self._stop.wait(max(0.0, began_s + block / BLOCKS_A_SECOND - time.monotonic())):
            self.turn(block, self._hear, self._play)
            block += 1


class HummingRoom(Room):
    """A microphone with one tone, and a loudspeaker that keeps the last two seconds."""

    def __init__(self, hz: int) -> None:
        super().__init__()
        self._hz = hz
        self.played: list[Any] = []

    def turn(self, block: int, hear: Hear, play: Play) -> None:
        times = (block * FRAME + np.arange(FRAME)) / RATE_HZ
        hear((6000 * np.sin(2 * np.pi * self._hz * times)).astype("<i2").tobytes())
        self.played = [*self.played[-99:], np.frombuffer(play(FRAME), "<i2")]


class TabletAtTable:
    """One seat; what the core would carry between its media and the desk goes straight to the engine."""

    def __init__(self, name: str, room: Sound, frames: Path) -> None:
        self.name = name
        self.said: list[FromMedia] = []
        self._frames = frames
        self.media = Table(room, MovingBars(), frames, self.said.append)

    async def sit_down(self, janus: Janus, room: str, *, listens: bool = False) -> None:
        await self.media.prepare(PrepareTable(seat_id=self.name, listens=listens))
        ready = self._newest(TableReady)
        answers = await janus.seat(room, self.name, Connections(ready.sound, ready.picture))
        await self.media.sit_down(SitDown(sound=answers.sound, picture=answers.picture))

    async def see(self, janus: Janus, room: str, whom: str) -> None:
        offer = await janus.show(room, self.name, whom)
        if offer:
            await self.media.see(SeeGuest(offer=offer))
            await janus.take_answer(room, self.name, self._newest(GuestAnswer).answer)

    @property
    def answered(self) -> str:
        """Their answer to the last picture that they were offered."""
        answer: str = self._newest(GuestAnswer).answer
        return answer

    async def sees_pictures(self, most: int) -> None:
        """Waits until so many different pictures were in the window's shared memory."""
        await self._sees(self._frames, most)

    async def sees_itself(self, most: int) -> None:
        """Waits until so many own pictures were there."""
        await self._sees(Path(self._newest(TableReady).own_frames), most)

    async def _sees(self, frames: Path, most: int) -> None:
        with FrameReader(frames) as reader:
            async with asyncio.timeout(10):
                while most:
                    most -= reader.newest() is not None
                    await asyncio.sleep(0.02)

    def _newest(self, kind: type[Any]) -> Any:
        return next(message for message in reversed(self.said) if isinstance(message, kind))
