"""The café process: carries out people's requests from the database, and reports the results."""

import asyncio
import logging
import time
from collections.abc import Callable
from functools import partial
from typing import TypeVar

from asgiref.sync import sync_to_async
from django.db import close_old_connections

from cloud.cafe import keeping
from cloud.cafe.keeping import Wanted
from cloud.cafe.models import engine_number
from cloud.cafe.notices import ComeAgain, Notice, Presence
from cloud.cafe.seating import ASKED
from cloud.cafe.sessions import EndByDesk, EndForAll, Event, Leave, LineLost, Mute, ShowOut, StillHere
from cloud.cafe.sfu import Connections, Sfu
from cloud.cafe.tables import Tables
from cloud.notify import live_updates

log = logging.getLogger(__name__)
T = TypeVar("T")

# When many sit down at once, devices' screens need not show each step.
SCREENS_EACH_S = 1.0
BEAT_S = 5.0
LOST_AFTER_RESTART_S = 60.0


class Keeper:
    """One process for all SFUs; it holds rooms and speakers in memory, the database who was admitted."""

    def __init__(self, *sfus: Sfu) -> None:
        self._tables = [
            Tables(sfu, tell=self._tell, tell_desk=self._tell_desk, now_s=time.time) for sfu in sfus
        ]
        self._stale_rooms: set[str] = set()
        self._is_stale = asyncio.Event()
        self._said_reachable: list[bool] = []

    async def run(self) -> None:
        """Keep the tables of every engine, and carry out what pages ask for, until cancelled."""
        await _database(lambda: keeping.forget_engines(len(self._tables)))
        for seat_id in await _database(keeping.open_seats):
            await self._tell_seat(seat_id, ComeAgain())
        async with asyncio.TaskGroup() as together:
            for tables in self._tables:
                together.create_task(tables.run())
            together.create_task(self._take_asks())
            together.create_task(self._beat())
            together.create_task(self._refresh_screens())
            together.create_task(self._close_lost(time.time()))

    async def _take_asks(self) -> None:
        async for _change in live_updates.subscribe_everywhere(ASKED):
            for wanted in await _database(keeping.take_asks):
                try:
                    await self._do(wanted)
                except Exception:
                    log.exception("what somebody at a table wants could not be done: %s", wanted.kind)

    async def _do(self, wanted: Wanted) -> None:
        room, person = wanted.room, wanted.person
        tables = self._of(room)
        match wanted.kind:
            case "enter":
                rules = await _database(lambda: keeping.rules_for(wanted))
                if rules is None:
                    await self._tell_seat(wanted.seat_id, keeping.NOT_ALLOWED)
                    return
                offers = Connections(wanted.body["sound"], wanted.body.get("picture", ""))
                await tables.enter(room, person, offers, rules)
            case "answer":
                await tables.answer(room, person, wanted.body["answer"])
            case "speak":
                if not await _database(lambda: keeping.raise_hand(wanted.seat_id)):
                    await tables.unmute(room, person)
                self._refresh(room)
            case _:
                await tables.happen(room, _event(wanted))

    def _of(self, room: str) -> Tables:
        """Those of the engine that has this room."""
        return self._tables[engine_number(room, len(self._tables))]

    async def _tell(self, room: str, person: str, notice: Notice) -> None:
        seat_id = await _database(lambda: keeping.note(room, person, notice))
        if seat_id:
            await self._tell_seat(seat_id, notice)

    async def _tell_seat(self, seat_id: str, notice: Notice) -> None:
        await _database(lambda: keeping.tell(seat_id, notice))

    async def _tell_desk(self, presence: Presence) -> None:
        await _database(lambda: keeping.note_presence(presence))
        self._refresh(presence.room)

    def _refresh(self, room: str) -> None:
        self._stale_rooms.add(room)
        self._is_stale.set()

    async def _refresh_screens(self) -> None:
        while True:
            await self._is_stale.wait()
            self._is_stale.clear()
            rooms, self._stale_rooms = self._stale_rooms, set()
            await _database(lambda stale=rooms: keeping.refresh_screens(stale))  # type: ignore[misc]
            await asyncio.sleep(SCREENS_EACH_S)

    async def _beat(self) -> None:
        """Record whether the SFU is reachable: on changes at once, and at intervals."""
        said_s = 0.0
        while True:
            reachable = [tables.is_reachable for tables in self._tables]
            if reachable != self._said_reachable or time.monotonic() - said_s >= BEAT_S:
                self._said_reachable, said_s = reachable, time.monotonic()
                for number, is_reachable in enumerate(reachable):
                    await _database(partial(keeping.say_reachable, number, reachable=is_reachable))
            await asyncio.sleep(0.5)

    async def _close_lost(self, began_s: float) -> None:
        """End seats from before this process started whose people did not reconnect."""
        await asyncio.sleep(LOST_AFTER_RESTART_S)
        await _database(lambda: keeping.close_lost(began_s))
        while True:
            for room, person in await _database(keeping.silent_browsers):
                await self._of(room).happen(room, LineLost(person))
            await asyncio.sleep(BEAT_S)


def _event(wanted: Wanted) -> Event:
    match wanted.kind:
        case "leave":
            return Leave(wanted.person)
        case "still":
            return StillHere(wanted.person)
        case "mute":
            return Mute(by=wanted.person, person=wanted.body.get("person"))
        case "show-out":
            return ShowOut(by=wanted.person, person=wanted.body["person"])
        case "over":
            return EndByDesk()
        case "end":
            return EndForAll(by=wanted.person)
    raise ValueError(wanted.kind)


async def _database(work: Callable[[], T]) -> T:
    def done() -> T:
        close_old_connections()
        return work()

    return await sync_to_async(done)()
