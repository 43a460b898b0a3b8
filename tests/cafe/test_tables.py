"""The open rooms: who is notified of what, with an SFU without media."""

import asyncio
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest

from cloud.cafe.notices import ComeAgain, MuteChanged, Notice, Out, Presence, SeatTaken, Shown, Unusable
from cloud.cafe.sessions import EndForAll, Leave, Mute, Reason, Rules, ShowOut
from cloud.cafe.sfu import Connections, EngineLost, LineLost, PictureChanged, Speaking, ViewLost
from cloud.cafe.tables import Tables
from tests.cafe.fake_sfu import FakeSfu

ROOM = "room-1"
OFFERS = Connections("sound", "picture")


class Story:
    """Tables with an SFU without media, and all their notifications."""

    def __init__(self) -> None:
        self.sfu = FakeSfu()
        self.notices: dict[str, list[Notice]] = defaultdict(list)
        self.presences: list[Presence] = []
        self.rules = Rules(hosts=frozenset({"host"}), closes_s=time.time() + 3600)
        self.tables = Tables(self.sfu, tell=self._tell, tell_desk=self._tell_desk, now_s=time.time)

    async def enter(self, *people: str) -> None:
        for person in people:
            await self.tables.enter(ROOM, person, OFFERS, self.rules)
            self.sfu.notice(PictureChanged(ROOM, person, arrives=True))
        # Who sits alone sees nobody.
        if len(self.presences[-1].people) > 1:
            await self.until(lambda: all(person in self.sfu.sees for person in self.presences[-1].people))

    async def until(self, holds: Callable[[], bool]) -> None:
        async with asyncio.timeout(10):
            while not holds():
                await asyncio.sleep(0.01)

    async def _tell(self, _room: str, person: str, notice: Notice) -> None:
        self.notices[person].append(notice)

    async def _tell_desk(self, presence: Presence) -> None:
        self.presences.append(presence)


@asynccontextmanager
async def _story() -> AsyncIterator[Story]:
    story = Story()
    running = asyncio.create_task(story.tables.run())
    await story.until(lambda: story.tables.is_reachable)
    try:
        yield story
    finally:
        running.cancel()


def _run(scenario: Callable[[Story], Awaitable[None]]) -> None:
    async def whole() -> None:
        async with _story() as story:
            await scenario(story)

    asyncio.run(whole())


@pytest.mark.requirement("V25")
def test_one_participant_alone_sees_nobody_and_two_see_each_other() -> None:
    """Nobody is ever shown themselves, and the last one who stays sees nobody."""

    async def scenario(story: Story) -> None:
        await story.enter("aino")
        assert isinstance(story.notices["aino"][0], SeatTaken)
        assert "aino" not in story.sfu.sees
        await story.enter("bertta")
        assert story.sfu.sees == {"aino": "bertta", "bertta": "aino"}
        await story.tables.happen(ROOM, Leave("bertta"))
        assert story.notices["aino"][-1] == Shown(None)
        assert story.presences[-1].people == {"aino"}
        await story.tables.happen(ROOM, Leave("aino"))
        assert story.sfu.rooms == {}

    _run(scenario)


@pytest.mark.requirement("V24", "V25")
def test_the_one_who_speaks_is_shown_to_all_others() -> None:
    """A switch takes no new connection: the picture changes where it is."""

    async def scenario(story: Story) -> None:
        await story.enter("aino", "bertta", "cesar")
        story.sfu.notice(Speaking(ROOM, "cesar", speaks=True))
        await story.until(lambda: story.sfu.sees["aino"] == story.sfu.sees["bertta"] == "cesar")
        assert story.notices["aino"][-1] == Shown("cesar")

    _run(scenario)


@pytest.mark.requirement("V24")
def test_a_picture_whose_connection_fails_is_offered_again() -> None:
    """Who hears the others, but whose connection for their picture was lost, gets another by themselves."""

    async def scenario(story: Story) -> None:
        await story.enter("aino", "bertta")
        await story.until(lambda: any(isinstance(each, Shown) for each in story.notices["aino"]))
        before = len(story.notices["aino"])
        story.sfu.notice(ViewLost(ROOM, "aino"))
        await story.until(lambda: len(story.notices["aino"]) > before)
        [again] = story.notices["aino"][before:]
        assert isinstance(again, Shown)
        assert (again.whom, bool(again.offer)) == ("bertta", True)
        assert story.sfu.sees["aino"] == "bertta"

    _run(scenario)


@pytest.mark.requirement("V24")
def test_nothing_is_offered_to_who_sees_nobody() -> None:
    """A connection that ends because nobody is to be seen any more is not missed."""

    async def scenario(story: Story) -> None:
        await story.enter("aino")
        story.sfu.notice(ViewLost(ROOM, "aino"))
        await story.enter("bertta")
        assert [each for each in story.notices["aino"] if isinstance(each, Shown)] == [
            Shown("bertta", f"offer to aino in {ROOM}")
        ]

    _run(scenario)


def test_the_picture_of_another_is_offered_before_the_seats_answers() -> None:
    """Its connection takes longest, and a tablet begins one after the other."""

    async def scenario(story: Story) -> None:
        await story.enter("aino", "bertta")
        await story.enter("cesar")
        shown, taken = story.notices["cesar"][:2]
        assert isinstance(shown, Shown)
        assert shown.offer
        assert isinstance(taken, SeatTaken)

    _run(scenario)


@pytest.mark.requirement("V24")
def test_a_host_mutes_shows_out_and_ends_for_all_and_nobody_else_may() -> None:
    """Who is shown out learns why and does not come in again; a muted person may speak again themselves."""

    async def scenario(story: Story) -> None:
        await story.enter("host", "aino", "bertta")
        await story.tables.happen(ROOM, ShowOut(by="aino", person="bertta"))
        await story.tables.happen(ROOM, Mute(by="host", person="bertta"))
        assert story.sfu.muted == {"bertta"}
        await story.tables.unmute(ROOM, "bertta")
        assert (story.sfu.muted, story.notices["bertta"][-1]) == (set(), MuteChanged(muted=False))
        await story.tables.happen(ROOM, ShowOut(by="host", person="bertta"))
        assert story.notices["bertta"][-1] == Out(Reason.SHOWN_OUT)
        await story.tables.enter(ROOM, "bertta", OFFERS, story.rules)
        assert story.notices["bertta"][-1] == Out(Reason.SHOWN_OUT)
        assert story.sfu.rooms[ROOM] == {"host", "aino"}
        await story.tables.happen(ROOM, EndForAll(by="host"))
        assert story.notices["aino"][-1] == Out(Reason.ENDED_FOR_ALL)
        assert story.presences[-1].ended is Reason.ENDED_FOR_ALL

    _run(scenario)


@pytest.mark.requirement("V24")
def test_an_offer_of_nonsense_takes_no_place_and_the_others_stay() -> None:
    """The sender of an invalid offer is notified; nobody else is."""

    async def scenario(story: Story) -> None:
        await story.enter("aino", "bertta")
        before = len(story.notices["aino"])
        await story.tables.enter(ROOM, "mallory", Connections("nonsense"), story.rules)
        assert story.notices["mallory"] == [Unusable("nonsense")]
        assert story.presences[-1].people == {"aino", "bertta"}
        assert len(story.notices["aino"]) == before

    _run(scenario)


@pytest.mark.requirement("V24")
def test_when_the_engine_dies_everybody_is_seated_again_once_it_is_back() -> None:
    """Who offered meanwhile is seated with that; the others are asked to come again, and keep their place."""

    async def scenario(story: Story) -> None:
        await story.enter("aino", "bertta")
        story.sfu.is_there = False
        story.sfu.rooms.clear()
        story.sfu.sees.clear()
        story.sfu.notice(EngineLost())
        await story.until(lambda: not story.tables.is_reachable)
        await story.tables.enter(ROOM, "aino", OFFERS, story.rules)
        story.sfu.is_there = True
        await story.until(lambda: isinstance(story.notices["bertta"][-1], ComeAgain))
        assert story.sfu.rooms == {ROOM: {"aino"}}
        story.sfu.notice(PictureChanged(ROOM, "aino", arrives=True))
        await story.enter("bertta")
        assert story.sfu.rooms == {ROOM: {"aino", "bertta"}}

    _run(scenario)


@pytest.mark.requirement("V24")
def test_a_lost_line_is_no_longer_looked_at_and_keeps_its_place_for_a_while() -> None:
    """The others see somebody else at once; the place stays taken for the grace of a minute."""

    async def scenario(story: Story) -> None:
        await story.enter("aino", "bertta", "cesar")
        story.sfu.notice(LineLost(ROOM, "bertta"))
        await story.until(lambda: story.sfu.sees["aino"] == "cesar" and story.sfu.sees["cesar"] == "aino")
        assert story.presences[-1].people == {"aino", "bertta", "cesar"}
        assert story.presences[-1].away == {"bertta"}
        await story.enter("bertta")
        assert story.presences[-1].away == set()

    _run(scenario)


@pytest.mark.requirement("V25")
def test_a_cafe_that_a_host_ended_can_be_sat_down_at_again() -> None:
    """An event that was ended is over; the café is open until its hour."""

    async def scenario(story: Story) -> None:
        story.rules = Rules(hosts=frozenset({"host"}), closes_s=time.time() + 60, may_begin_again=True)
        await story.enter("host", "aino")
        await story.tables.happen(ROOM, EndForAll(by="host"))
        await story.enter("bertta")
        assert story.presences[-1].people == {"bertta"}

    _run(scenario)


@pytest.mark.requirement("V24")
def test_who_sends_nothing_is_never_shown_and_switches_nothing() -> None:
    """A seat without sound and picture: the others go on as if it were not there."""

    async def scenario(story: Story) -> None:
        await story.enter("aino", "bertta")
        before = len(story.notices["aino"])
        await story.tables.enter(ROOM, "mallory", OFFERS, story.rules)
        story.sfu.notice(Speaking(ROOM, "mallory", speaks=True))
        story.sfu.notice(Speaking(ROOM, "bertta", speaks=True))
        await story.until(lambda: "mallory" in story.sfu.sees)
        assert story.sfu.sees["aino"] == "bertta"
        assert "mallory" not in story.sfu.sees.values()
        assert len(story.notices["aino"]) == before

    _run(scenario)


def test_two_hundred_who_come_in_one_second_are_bounded() -> None:
    """As many are admitted as there are seats; the others are notified that it is full."""

    async def scenario(story: Story) -> None:
        people = [f"guest-{number}" for number in range(200)]
        await asyncio.gather(*(story.tables.enter(ROOM, each, OFFERS, story.rules) for each in people))
        refused = [each for each in people if story.notices[each] == [Out(Reason.FULL)]]
        assert (len(story.sfu.rooms[ROOM]), len(refused)) == (50, 150)

    _run(scenario)
