"""A tablet's own media beside others at one table of the real engine."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path

import pytest

from cloud.cafe.sfu import LineLost, Speaking
from device.media.messages import Connected, Gone, PictureIs
from device.media.table_messages import PrepareTable, TableReady
from tests.cafe.engine import Engine, Guest
from tests.cafe.tablet import HummingRoom, TabletAtTable
from tests.cafe.test_janus import ROOM, next_event
from tests.cafe.tones import hears
from tests.media.coturn import Servers


@pytest.mark.requirement("V24", "V25")
def test_a_tablet_hears_all_sees_one_and_counts_as_speaking(engine: Engine, tmp_path: Path) -> None:
    """The others' tones come out of its loudspeaker, its own reaches them, and it gets the shown picture."""

    async def story() -> None:
        janus = await engine.client()
        await janus.open_room(ROOM)
        room = HummingRoom(600)
        aino = TabletAtTable("aino", room, tmp_path / "aino.frames")
        bertta, cesar = Guest("bertta", 1000), Guest("cesar", 1700)
        await aino.sit_down(janus, ROOM)
        await next_event(janus, Speaking(ROOM, "aino", speaks=True))
        for guest in (bertta, cesar):
            await guest.sit_down(janus, ROOM)
        await bertta.hears(600)
        await hears(lambda: room.played, 1000)
        await hears(lambda: room.played, 1700)
        assert Connected() in aino.said

        await aino.sees_itself(2)
        await aino.see(janus, ROOM, "bertta")
        # The engine begins the handshake when it is ready: what came before would be sent again after 1 s.
        assert "a=setup:passive" in aino.answered
        await aino.sees_pictures(5)
        assert PictureIs(quality="good") in aino.said
        await aino.see(janus, ROOM, "cesar")
        await aino.sees_pictures(5)
        bertta_sees = await bertta.answer(await janus.show(ROOM, "bertta", "aino"))
        await janus.take_answer(ROOM, "bertta", bertta_sees)
        await bertta.sees(5)

        await aino.media.close()
        await next_event(janus, LineLost(ROOM, "aino"))
        for guest in (bertta, cesar):
            await guest.leave()
        await janus.close()

    asyncio.run(story())


@pytest.mark.requirement("V25")
def test_the_connections_of_a_seat_may_go_through_a_relay(relay: Servers, tmp_path: Path) -> None:
    """Where a tablet finds no other way to the engine, both of its offers have the relay's address."""

    async def story() -> None:
        room = HummingRoom(600)
        aino = TabletAtTable("aino", room, tmp_path / "aino.frames")
        await aino.media.prepare(PrepareTable(seat_id="aino", ice_servers=relay(datetime.now(UTC))))
        (ready,) = (each for each in aino.said if isinstance(each, TableReady))
        assert "typ relay" in ready.sound
        assert "typ relay" in ready.picture
        await aino.media.close()

    asyncio.run(story())


@pytest.mark.requirement("V25")
def test_a_listener_is_neither_heard_nor_seen(engine: Engine, tmp_path: Path) -> None:
    """They receive the others; nothing of their room is sent. A crashed SFU ends their seat soon."""

    async def story() -> None:
        janus = await engine.client()
        await janus.open_room(ROOM)
        room = HummingRoom(600)
        aino, bertta = TabletAtTable("aino", room, tmp_path / "aino.frames"), Guest("bertta", 1000)
        await bertta.sit_down(janus, ROOM)
        await aino.sit_down(janus, ROOM, listens=True)
        await hears(lambda: room.played, 1000)
        await bertta.hears_nothing()
        engine.kill()
        async with asyncio.timeout(8):
            while not isinstance(aino.said[-1], Gone):
                await asyncio.sleep(0.05)
        await aino.media.close()
        await bertta.leave()
        await janus.close()

    asyncio.run(story())
