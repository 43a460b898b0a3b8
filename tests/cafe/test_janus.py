"""A real Janus and participants that really send and receive: the SFU behind its interface."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from cloud.cafe import janus as adapter
from cloud.cafe.janus import Janus
from cloud.cafe.sfu import (
    Connections,
    EngineLost,
    LineLost,
    PictureChanged,
    SfuError,
    SfuEvent,
    SfuUnreachable,
    Speaking,
    ViewLost,
)
from provisioning.janus import UNPACKED
from tests.cafe.engine import Engine, Flood, Guest, Noise

ROOM = "room-1"
COMES_BACK = 40


@asynccontextmanager
async def table(engine: Engine, **tones: int) -> AsyncIterator[tuple[Janus, dict[str, Guest]]]:
    """A room with these guests at it."""
    janus = await engine.client()
    await janus.open_room(ROOM)
    guests = {name: Guest(name, hz) for name, hz in tones.items()}
    for guest in guests.values():
        await guest.sit_down(janus, ROOM)
    try:
        yield janus, guests
    finally:
        for guest in guests.values():
            await guest.leave()
        await janus.close()


async def next_event(janus: Janus, *wanted: SfuEvent) -> SfuEvent:
    """The next of these events."""
    async with asyncio.timeout(15):
        return await anext(event async for event in janus.events() if event in wanted)


@pytest.mark.requirement("V24", "V25")
def test_everybody_hears_everybody_else_and_sees_the_one_they_are_shown(engine: Engine) -> None:
    """Each tone reaches the others, never its own sender; a muted one reaches nobody."""

    async def story() -> None:
        async with table(engine, aino=440, bertta=1000, cesar=1700) as (janus, guests):
            await guests["aino"].hears(1000)
            await guests["aino"].hears(1700)
            await guests["cesar"].hears(440)
            assert not guests["aino"].is_heard(440)

            offer = await janus.show(ROOM, "aino", "bertta")
            await janus.take_answer(ROOM, "aino", await guests["aino"].answer(offer))
            await guests["aino"].sees(5)
            assert await janus.show(ROOM, "aino", "cesar") == ""
            await guests["aino"].sees(5)

            await janus.mute(ROOM, "bertta", muted=True)
            await janus.mute(ROOM, "cesar", muted=True)
            await guests["aino"].hears_nothing()
            await janus.mute(ROOM, "bertta", muted=False)
            await guests["aino"].hears(1000)

    asyncio.run(story())


@pytest.mark.requirement("V24", "V25")
def test_debian_12s_packages_run_from_a_folder_of_their_own(tmp_path: Path) -> None:
    """A desk on a Debian without Janus has a café too."""
    unpacked = UNPACKED / "usr/bin/janus"
    if not unpacked.exists():
        pytest.skip("the set-up could not unpack Janus")
    engine = Engine(tmp_path, unpacked)

    async def story() -> None:
        async with table(engine, aino=440, bertta=1000) as (janus, guests):
            await guests["aino"].hears(1000)
            await guests["bertta"].hears(440)
            offer = await janus.show(ROOM, "aino", "bertta")
            await janus.take_answer(ROOM, "aino", await guests["aino"].answer(offer))
            await guests["aino"].sees(5)

    engine.start()
    try:
        asyncio.run(story())
    finally:
        engine.kill()


@pytest.mark.requirement("V24")
def test_who_speaks_and_who_is_gone_is_noticed(engine: Engine) -> None:
    """A participant that disconnects silently is detected; the others stay connected."""

    async def story() -> None:
        async with table(engine, aino=440, bertta=1000) as (janus, guests):
            await next_event(janus, Speaking(ROOM, "bertta", speaks=True))
            await guests["bertta"].leave()
            await next_event(janus, LineLost(ROOM, "bertta"))
            await janus.remove(ROOM, "bertta")
            late = Guest("dora", 700)
            await late.sit_down(janus, ROOM)
            await guests["aino"].hears(700)
            await late.leave()

    asyncio.run(story())


@pytest.mark.requirement("V24")
def test_who_leaves_can_come_back_at_once(engine: Engine) -> None:
    """Also while the engine is slow: it may not hold the place of the one who has just left."""

    async def story() -> None:
        janus = await engine.client()
        await janus.open_room(ROOM)
        with engine.slowed():
            for _ in range(COMES_BACK):
                guest = Guest("aino", 440)
                await guest.sit_down(janus, ROOM)
                await janus.remove(ROOM, "aino")
                await guest.leave()
        await janus.close()

    asyncio.run(story())


@pytest.mark.requirement("V24")
def test_a_view_that_fails_or_never_comes_is_noticed(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who hears the others, but does not see them, can be offered another connection."""

    async def story() -> None:
        async with table(engine, aino=440, bertta=1000) as (janus, guests):
            await next_event(janus, PictureChanged(ROOM, "bertta", arrives=True))
            with monkeypatch.context() as short:
                short.setattr(adapter, "VIEW_COMES_WITHIN_S", 0.1)
                await janus.show(ROOM, "aino", "bertta")
            await next_event(janus, ViewLost(ROOM, "aino"))
            await janus.show_nobody(ROOM, "aino")
            offer = await janus.show(ROOM, "aino", "bertta")
            await janus.take_answer(ROOM, "aino", await guests["aino"].answer(offer))
            await guests["aino"].sees(5)
            await guests["aino"].closes_the_view()
            await next_event(janus, ViewLost(ROOM, "aino"))
            await guests["aino"].hears(1000)

    asyncio.run(story())


@pytest.mark.parametrize("offer", ["nonsense", "v=0\r\nm=audio 9 X 0\r\n", "x" * 9000])
def test_an_offer_of_nonsense_is_refused_and_nobody_notices(engine: Engine, offer: str) -> None:
    """What is no session description, or too long for Janus, costs nobody their place."""

    async def story() -> None:
        async with table(engine, aino=440, bertta=1000) as (janus, guests):
            with pytest.raises(SfuError):
                await janus.seat(ROOM, "mallory", Connections(sound=offer, picture=offer))
            await guests["aino"].hears(1000)

    asyncio.run(story())


@pytest.mark.requirement("V24")
def test_noise_at_full_scale_is_bounded_and_one_word_of_the_host_ends_it(engine: Engine) -> None:
    """The mix stays a mix, everybody keeps their place, and a muted noise is heard by nobody."""

    async def story() -> None:
        async with table(engine, aino=440, bertta=1000) as (janus, guests):
            noise = Guest("mallory", 0, Noise())
            await noise.sit_down(janus, ROOM)
            await next_event(janus, Speaking(ROOM, "mallory", speaks=True))
            await janus.mute(ROOM, "mallory", muted=True)
            await guests["aino"].hears(1000)
            await guests["bertta"].hears(440)
            await noise.leave()

    asyncio.run(story())


@pytest.mark.requirement("V24")
def test_who_sends_far_more_than_agreed_is_shown_to_nobody(
    engine: Engine, caplog: pytest.LogCaptureFixture
) -> None:
    """The engine's own counter says so; the others notice nothing."""

    async def story() -> None:
        async with table(engine, aino=440) as (janus, guests):
            flood = Guest("mallory", 700, camera=Flood())
            await flood.sit_down(janus, ROOM)
            shown, hidden = (PictureChanged(ROOM, "mallory", arrives=arrives) for arrives in (True, False))
            await next_event(janus, shown)
            while "a participant sends too much" not in caplog.messages:
                await next_event(janus, hidden)
            await guests["aino"].hears(700)
            await flood.leave()

    asyncio.run(story())


def test_a_dead_engine_is_noticed_and_a_new_one_serves(engine: Engine) -> None:
    """Its death is an event; what is asked meanwhile fails at once; a new engine has the table again."""

    async def story() -> None:
        async with table(engine, aino=440) as (janus, _guests):
            engine.kill()
            await next_event(janus, EngineLost())
            with pytest.raises(SfuUnreachable):
                await janus.open_room("room-2")
        engine.start()
        async with table(engine, aino=440, bertta=1000) as (_janus, guests):
            await guests["bertta"].hears(440)

    asyncio.run(story())


def test_without_an_engine_the_reason_is_said(tmp_path: Path) -> None:
    """Where nothing listens, the one who asks learns it, and no exception of the system's comes out."""
    with pytest.raises(SfuUnreachable, match="no Janus"):
        asyncio.run(Janus(tmp_path / "nothing").connect())
