"""The nightly test, reported as stories: when it runs, what makes way for it and what it makes way for."""

from datetime import UTC, datetime, timedelta

import pytest

from device.contract.commands import Answer, SelfTest
from device.contract.documents import View
from device.contract.events import SelfTested
from device.contract.vital import Fault
from device.rules.begin import begin
from device.rules.effects import AnswerCommand, Effect, StartSelfTest, StopSelfTest
from device.rules.events import (
    ButtonChanged,
    CommandArrived,
    DocumentArrived,
    FaultChanged,
    LinkChanged,
    SelfTestFinished,
    Ticked,
    WindowCame,
)
from device.rules.health import faults
from device.rules.state import State
from tests.device.story import Story

pytestmark = pytest.mark.requirement("K8")

# 23:00 in Helsinki.
EVENING = datetime(2026, 11, 21, 21, 0, tzinfo=UTC)
TONE = Fault(part="sound", reason="the tone was not heard")


def evening() -> Story:
    story = Story.of_aino()
    story.wall = EVENING
    story.tell(WindowCame(), LinkChanged(connected=True))
    return story


def through(story: Story, hours: float, *, finishes: bool = True) -> list[str]:
    """The local times at which a test began."""
    began = []
    for _ in range(round(hours * 60)):
        story.wait(60)
        reported = story.tell(Ticked(with_beat=True))
        started = [each for each in reported if isinstance(each, StartSelfTest)]
        if started:
            began.append(f"{story.wall + timedelta(hours=2):%H:%M}")
            if finishes:
                story.tell(SelfTestFinished(id=started[0].id, found=()))
    return began


def start(story: Story) -> str:
    """The id of the test that begins now."""
    story.wall = EVENING + timedelta(hours=3)
    (started,) = [each for each in story.tell(Ticked()) if isinstance(each, StartSelfTest)]
    return started.id


def order(id_: str = "c-1") -> CommandArrived:
    return CommandArrived(id=id_, command=SelfTest(), expires_at=EVENING + timedelta(days=1))


def answers(effects: list[Effect]) -> list[Answer]:
    return [each.answer for each in effects if isinstance(each, AnswerCommand)]


def test_it_runs_once_a_night() -> None:
    """At two by the resident's clock, three nights long."""
    assert through(evening(), 72) == ["02:00"] * 3


@pytest.mark.parametrize("zone", ["Europe/Helsinki", "America/New_York", "Asia/Kolkata"])
def test_two_is_two_where_the_resident_lives(zone: str) -> None:
    """Whatever the machine's own zone."""
    story = evening()
    story.wall = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
    story.tell(DocumentArrived(name="view", document=View(version=2, time_zone=zone)))
    assert len(through(story, 24)) == 1


def test_where_the_hour_comes_twice_it_runs_once() -> None:
    """On the night of 25 October 2026 it is three twice in Helsinki."""
    story = evening()
    story.wall = datetime(2026, 10, 24, 21, 0, tzinfo=UTC)
    assert len(through(story, 12)) == 1


def test_after_a_restart_it_is_not_run_twice() -> None:
    """What was done is stored over a power cut."""
    story = evening()
    assert len(through(story, 4)) == 1
    again = Story(begin(State(self_test=story.state.self_test)), wall=story.wall)
    assert through(again, 12) == []


def test_a_device_that_dies_of_its_test_tries_once_more_and_lives() -> None:
    """Two tries a night, the next night again."""
    story = evening()
    assert through(story, 4, finishes=False) == ["02:00"]
    for _ in range(3):
        restarted = Story(begin(State(self_test=story.state.self_test)), wall=story.wall)
        through(restarted, 0.1, finishes=False)
        story = restarted
    assert story.state.self_test.tries == 2
    story = Story(begin(State(self_test=story.state.self_test)), wall=story.wall)
    assert through(story, 2) == []
    assert through(story, 24) == ["02:00"]


def test_it_waits_while_help_is_open() -> None:
    """And runs when the resident was helped, if it is still night."""
    story = evening()
    story.tell(ButtonChanged(name="help"))
    assert through(story, 6) == []


def test_it_makes_way_for_help() -> None:
    """The tone ends at once, nothing of it counts, and the night keeps its tries."""
    story = evening()
    id_ = start(story)
    asked = story.tell(ButtonChanged(name="help"))
    assert StopSelfTest() in asked
    story.tell(SelfTestFinished(id=id_, found=(TONE,)))
    assert not story.recorded(SelfTested)
    assert story.state.self_test.tries == 0


def test_what_it_finds_is_reported_and_is_in_the_health() -> None:
    """Beside what is wrong all the time; nothing twice."""
    story = evening()
    story.tell(FaultChanged(part="modem", reason="no SIM"))
    story.tell(SelfTestFinished(id=start(story), found=(TONE,)))
    (reported,) = story.recorded(SelfTested)
    modem = Fault(part="modem", reason="no SIM")
    assert reported.what == SelfTested(passed=False, faults=[modem, TONE])
    assert faults(story.state, story.now) == (modem, TONE)
    story.tell(FaultChanged(part="modem", reason=""))
    assert faults(story.state, story.now) == (TONE,)


def test_a_night_without_faults_ends_those_of_the_last() -> None:
    """Passed is reported too: the desk knows that the device was tested."""
    story = evening()
    story.tell(SelfTestFinished(id=start(story), found=(TONE,)))
    story.wait(86_400)
    story.tell(WindowCame())
    through(story, 0.1)
    assert story.recorded(SelfTested)[-1].what == SelfTested(passed=True)
    assert faults(story.state, story.now) == ()


def test_the_lost_desk_is_no_finding_of_the_night() -> None:
    """It would be reported when the desk is back, and be wrong."""
    story = evening()
    story.tell(LinkChanged(connected=False, reason="no broker"))
    story.tell(SelfTestFinished(id=start(story), found=()))
    assert story.recorded(SelfTested)[0].what == SelfTested(passed=True)


def test_the_desk_can_ask_for_it() -> None:
    """By day too: taken at once, done when it is over; the night's own test is still run."""
    story = evening()
    asked = story.tell(order())
    assert [answer.stage for answer in answers(asked)] == ["received"]
    (started,) = [each for each in asked if isinstance(each, StartSelfTest)]
    assert [answer.stage for answer in answers(story.tell(order("c-2")))] == ["declined"]
    asked = story.tell(SelfTestFinished(id=started.id, found=()))
    assert [answer.stage for answer in answers(asked)] == ["done"]
    assert story.recorded(SelfTested)
    assert through(story, 6) == ["02:00"]


def test_the_desk_may_not_disturb_help() -> None:
    """Declined with the reason, and broken off with the reason."""
    story = evening()
    story.tell(order())
    (answer,) = answers(story.tell(ButtonChanged(name="help")))
    assert (answer.stage, answer.reason) == ("failed", "broken off: the resident asked for help")
    (answer,) = answers(story.tell(order("c-2")))
    assert (answer.stage, answer.reason) == ("declined", "the resident is waiting for help")
