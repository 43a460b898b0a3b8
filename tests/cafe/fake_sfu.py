"""An engine without media: it remembers what was asked of it, and notices what a test says."""

import asyncio
from collections.abc import AsyncIterator

from cloud.cafe.sfu import Connections, SfuError, SfuEvent, SfuUnreachable


class FakeSfu:
    """Answers every offer but ``nonsense``; ``is_there`` says whether it can be reached."""

    def __init__(self) -> None:
        self.is_there = True
        self.rooms: dict[str, set[str]] = {}
        self.sees: dict[str, str] = {}
        self.muted: set[str] = set()
        self._events: asyncio.Queue[SfuEvent] = asyncio.Queue()

    def notice(self, event: SfuEvent) -> None:
        self._events.put_nowait(event)

    async def connect(self) -> None:
        self._reach()

    async def open_room(self, room: str) -> None:
        self._reach()
        self.rooms[room] = set()

    async def close_room(self, room: str) -> None:
        self._reach()
        self.rooms.pop(room, None)

    async def seat(self, room: str, person: str, offers: Connections) -> Connections:
        self._reach()
        if offers.sound == "nonsense" or room not in self.rooms:
            raise SfuError("nonsense")
        self.rooms[room].add(person)
        return Connections(sound=f"answer to {person}", picture=offers.picture and "answer")

    async def show(self, room: str, viewer: str, person: str) -> str:
        self._reach()
        is_new = viewer not in self.sees
        self.sees[viewer] = person
        return f"offer to {viewer} in {room}" if is_new else ""

    async def take_answer(self, room: str, viewer: str, answer: str) -> None:
        self._reach()
        if answer == "nonsense" or viewer not in self.rooms.get(room, ()):
            raise SfuError("nothing was offered")

    async def show_nobody(self, room: str, viewer: str) -> None:
        self._reach()
        if viewer in self.rooms.get(room, ()):
            self.sees.pop(viewer, None)

    async def mute(self, room: str, person: str, *, muted: bool) -> None:
        self._reach()
        if muted and person in self.rooms.get(room, ()):
            self.muted.add(person)
        else:
            self.muted.discard(person)

    async def remove(self, room: str, person: str) -> None:
        self._reach()
        self.rooms.get(room, set()).discard(person)
        self.sees.pop(person, None)

    async def events(self) -> AsyncIterator[SfuEvent]:
        while True:
            yield await self._events.get()

    async def close(self) -> None:
        self.rooms.clear()

    def _reach(self) -> None:
        if not self.is_there:
            raise SfuUnreachable("the engine is not there")
