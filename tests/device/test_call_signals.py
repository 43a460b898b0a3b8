import pytest

from device.contract.documents import HelpPolicy, Policy
from device.contract.documents import Press as Way
from device.rules.effects import Effect, LampPattern, Play, SayCall, SetVolume, StopSound
from device.rules.events import DocumentArrived
from device.window_protocol.intents import (
    AnswerCall,
    CancelHelp,
    HangUp,
    PressHelp,
    RefuseCall,
    SilenceRing,
    TouchHelp,
)
from device.window_protocol.model import CallPage, HelpPage
from tests.device.call_story import ALLOWING, CallStory


def sounds(effects: list[Effect]) -> list[str]:
    return [each.sound for each in effects if isinstance(each, Play) and each.sound != "touch"]


def lamp(story: CallStory) -> LampPattern:
    (shine,) = (each for each in story.state.signals.shining if each.lamp == "ring")
    return shine.pattern


def volume(story: CallStory, sound: str) -> float:
    (*_, last) = (each for each in story.effects if isinstance(each, SetVolume) and each.sound == sound)
    return last.volume


def test_it_rings_and_blinks_until_it_is_answered() -> None:
    """Over and over, and then the room is quiet for talking."""
    story = CallStory.of_aino()
    assert Play(sound="ring", loop=True) in story.ring()
    assert lamp(story) == "blinking"
    story.ready()
    assert StopSound(sound="ring") in story.touch(AnswerCall("1"))
    story.connected()
    assert lamp(story) == "off"
    assert volume(story, "stream") == 0.0


@pytest.mark.parametrize("how", ["refused", "missed", "ended", "restarted"])
def test_no_ring_outlives_its_call(how: str) -> None:
    """For every end of a call."""
    story = CallStory.of_aino()
    story.ring()
    if how == "restarted":
        story = story.restarted()
        story.pass_time(1.0)
        assert not [each for each in story.effects if isinstance(each, Play)]
        return
    match how:
        case "refused":
            effects = story.touch(RefuseCall("1"))
        case "missed":
            effects = story.pass_time(45.1)
        case _:
            effects = story.end()
    assert StopSound(sound="ring") in effects
    assert lamp(story) == "off"


@pytest.mark.requirement("V1")
def test_a_muted_ring_is_silent_and_the_lamp_calls() -> None:
    """Mute is about sound alone."""
    story = CallStory.of_aino()
    story.touch(SilenceRing(hours=2))
    story.ring()
    assert volume(story, "ring") == 0.0
    assert lamp(story) == "blinking"


@pytest.mark.requirement("K5")
def test_a_forced_call_chimes_then_says_who_and_why_then_chimes_as_it_opens() -> None:
    """At full volume also while the ring is muted; the lamp shines all the time."""
    story = CallStory.of_aino()
    story.touch(SilenceRing(hours=2))
    assert sounds(story.force()) == ["forced-call"]
    assert volume(story, "forced-call") == 1.0
    assert SayCall() not in story.effects
    assert story.pass_time(4.0).count(SayCall()) == 1
    story.ready()
    assert sounds(story.pass_time(7.0)) == ["forced-call"]
    assert lamp(story) == "on"
    story.connected()
    story.pass_time(60.0)
    assert story.effects.count(SayCall()) == 1
    assert lamp(story) == "on"
    story.touch(HangUp("1"))
    assert lamp(story) == "off"


@pytest.mark.requirement("V21")
def test_a_soft_chime_says_that_a_minute_is_left() -> None:
    """Nothing sounds until the last minute of the limit; then one quiet chime."""
    story = CallStory.of_aino()
    story.ring(limit_min=5)
    story.ready()
    story.touch(AnswerCall("1"))
    story.connected()
    assert sounds(story.pass_time(239.0)) == []
    assert sounds(story.pass_time(50.0)) == ["chime"]
    assert 0.0 < volume(story, "chime") < 0.5


@pytest.mark.requirement("K3")
@pytest.mark.parametrize("way", ["hold", "cancellable"])
def test_while_help_is_pressed_for_nobody_gets_through(way: Way) -> None:
    """Held or counted down: the finger on help is not interrupted, and what rings is under it."""
    story = CallStory.of_aino()
    help_ = HelpPolicy(screen=way)
    story.tell(DocumentArrived(name="policy", document=Policy(version=2, help=help_, forced_calls=ALLOWING)))
    story.ring()
    story.touch(TouchHelp() if way == "hold" else PressHelp())
    assert isinstance(story.screen().page, HelpPage)
    story.end()
    story.force("2")
    assert story.declined() == ["help"]


@pytest.mark.requirement("K3")
def test_a_cancelled_press_does_not_hide_a_call() -> None:
    """The notice about the press is replaced by the call."""
    story = CallStory.of_aino()
    policy = Policy(version=2, help=HelpPolicy(screen="cancellable"))
    story.tell(DocumentArrived(name="policy", document=policy))
    story.touch(PressHelp())
    story.touch(CancelHelp())
    story.ring()
    assert isinstance(story.screen().page, CallPage)
