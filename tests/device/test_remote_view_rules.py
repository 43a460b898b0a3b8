from datetime import timedelta

import pytest

from device.contract.commands import Command, Ring, StartRemoteView, StopRemoteView, Tap
from device.contract.documents import Policy, RemoteViewPolicy
from device.contract.events import RemoteViewEnded, RemoteViewStarted
from device.media.messages import Connected, Ready
from device.rules.effects import AnswerCommand, TakePicture, TouchScreen
from device.rules.events import (
    CommandArrived,
    DocumentArrived,
    Intended,
    LinkChanged,
    PictureTaken,
    Ticked,
    WindowPainted,
)
from device.window_protocol.intents import AnswerCall, HangUp, Intent, PlaceCall, RequestUrgentCall
from tests.device.call_story import ANSWER, CallStory
from tests.device.story import NOON, Story

PAINTED = WindowPainted(versions={})


def allowing(*, may_touch: bool = False) -> Story:
    story = Story.of_aino()
    view = RemoteViewPolicy(allowed=True, may_touch=may_touch)
    story.tell(DocumentArrived(name="policy", document=Policy(version=2, remote_view=view)))
    return story


def ordered(command: Command) -> CommandArrived:
    return CommandArrived(id="c", command=command, expires_at=NOON + timedelta(seconds=45))


def answers(effects: list[object]) -> list[str]:
    return [each.answer.stage for each in effects if isinstance(each, AnswerCommand)]


def test_the_resident_sees_it_before_the_first_picture_is_taken() -> None:
    """Who looks stands on the screen in every picture that leaves the room."""
    story = allowing()
    effects = story.tell(ordered(StartRemoteView(by="Anna")))
    assert TakePicture() not in effects
    assert story.screen().watched == "Anna katsoo tätä näyttöä"
    assert TakePicture() in story.tell(PAINTED)


def test_a_look_that_the_policy_forbids_is_declined() -> None:
    """The device holds the rule even when the desk errs."""
    story = Story.of_aino()
    effects = story.tell(ordered(StartRemoteView(by="Anna")))
    assert answers(effects) == ["declined"]  # type: ignore[arg-type]
    assert TakePicture() not in story.tell(PAINTED)


def test_one_picture_is_asked_for_at_a_time() -> None:
    """A fast screen does not flood a slow link."""
    story = allowing()
    story.tell(ordered(StartRemoteView(by="Anna")))
    effects = story.tell(PAINTED, PAINTED, PAINTED)
    assert effects.count(TakePicture()) == 1
    assert TakePicture() in story.tell(PictureTaken())


def test_a_look_ends_by_itself_and_both_ends_are_logged() -> None:
    """A desk that went away does not look for ever."""
    story = allowing()
    story.tell(ordered(StartRemoteView(by="Anna", seconds=30)), PAINTED)
    story.wait(31.0)
    story.tell(Ticked())
    assert story.screen().watched == ""
    assert len(story.recorded(RemoteViewStarted)) == len(story.recorded(RemoteViewEnded)) == 1


def test_a_stopped_look_is_over_at_once() -> None:
    """Nothing is painted for a desk that has left."""
    story = allowing()
    story.tell(ordered(StartRemoteView(by="Anna")), PAINTED, ordered(StopRemoteView()))
    assert TakePicture() not in story.tell(PAINTED, PictureTaken())


def test_a_look_ends_when_the_policy_is_withdrawn() -> None:
    """A right withdrawn is gone at once, not at the next look."""
    story = allowing()
    story.tell(ordered(StartRemoteView(by="Anna")), PAINTED)
    story.tell(DocumentArrived(name="policy", document=Policy(version=3)), Ticked())
    assert story.state.remote_view is None


@pytest.mark.requirement("K5")
@pytest.mark.parametrize("intent", [AnswerCall("1"), PlaceCall("ritva"), RequestUrgentCall()])
def test_a_touch_from_afar_opens_no_call(intent: Intent) -> None:
    """The right to touch is no way around the rules of forced calls; the resident's finger is free."""
    story = allowing(may_touch=True)
    story.tell(LinkChanged(connected=True), ordered(StartRemoteView(by="Anna")), PAINTED)
    if isinstance(intent, AnswerCall):
        story.tell(ordered(Ring(call_id="1", contact_id="ritva", name="R", offer="v=0")))
    before = story.state.call, story.state.urgent_asked_s
    story.tell(ordered(Tap(x=0.5, y=0.5)), ordered(StopRemoteView()), Intended(intent=intent))
    assert (story.state.call, story.state.urgent_asked_s) == before
    story.wait(3.0)
    story.tell(Intended(intent=intent))
    assert (story.state.call, story.state.urgent_asked_s) != before


@pytest.mark.parametrize(("may_touch", "stage"), [(True, "done"), (False, "declined")])
def test_a_touch_from_afar_needs_its_own_permission(may_touch: bool, stage: str) -> None:
    """Permission to view is not enough."""
    story = allowing(may_touch=may_touch)
    story.tell(ordered(StartRemoteView(by="Anna")), PAINTED)
    effects = story.tell(ordered(Tap(x=0.5, y=0.5)))
    assert answers(effects) == [stage]  # type: ignore[arg-type]
    assert (TouchScreen(x=0.5, y=0.5) in effects) == may_touch


def test_a_call_is_not_looked_at() -> None:
    """The desk sees the screen ring, and again when the call is over; never the caller's picture."""
    story = CallStory.of_aino()
    story.tell(
        DocumentArrived(name="policy", document=Policy(version=2, remote_view=RemoteViewPolicy(allowed=True)))
    )
    story.order(StartRemoteView(by="Anna", seconds=120))
    story.ring()
    assert TakePicture() in story.tell(PAINTED)
    story.tell(PictureTaken())
    story.media(Ready(answer=ANSWER, frames="frames"))
    story.tell(Intended(intent=AnswerCall("1")))
    story.media(Connected())
    assert TakePicture() not in story.tell(PAINTED, PictureTaken(), PAINTED)
    story.tell(Intended(intent=HangUp("1")))
    assert TakePicture() in story.tell(PAINTED)
