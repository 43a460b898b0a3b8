import pytest

from device.contract.events import ScreenLost, ScreenRestored
from device.rules.effects import RestartWindow, SendHeartbeat
from device.rules.events import LinkChanged, Ticked, WindowCame, WindowPainted, WindowWent
from device.rules.health import faults
from device.window_protocol.messages import BEAT_INTERVAL_S
from tests.device.story import Story


@pytest.mark.requirement("K2")
def test_a_frozen_loop_is_restarted_within_fifteen_seconds_and_reported() -> None:
    """A socket that is still open is no proof that the screen is alive."""
    story = Story()
    story.tell(WindowCame(), WindowPainted(versions={}))
    for _ in range(3):
        story.wait(5.0)
        story.tell(Ticked())
    assert RestartWindow() in story.effects
    assert [each.what for each in story.recorded(ScreenLost)] == [ScreenLost(reason="frozen")]


@pytest.mark.requirement("K2")
def test_a_loop_that_beats_is_left_alone() -> None:
    """Nothing to paint for hours is not frozen."""
    story = Story()
    story.tell(WindowCame(), WindowPainted(versions={}))
    for _ in range(1000):
        story.wait(BEAT_INTERVAL_S)
        story.tell(Ticked(with_beat=True))
    assert not story.recorded(ScreenLost)


@pytest.mark.requirement("K2")
def test_a_window_that_died_is_reported_lost_and_restored_once() -> None:
    """The desk knows how long the screen was dark."""
    story = Story()
    story.tell(WindowCame(), WindowPainted(versions={}), WindowWent())
    assert any(fault.part == "screen" for fault in faults(story.state, story.now))
    story.wait(2.0)
    story.tell(WindowCame(), WindowPainted(versions={}), WindowPainted(versions={}))
    assert len(story.recorded(ScreenLost)) == 1
    assert [each.what for each in story.recorded(ScreenRestored)] == [ScreenRestored(silent_s=2.0)]
    assert not any(fault.part == "screen" for fault in faults(story.state, story.now))


@pytest.mark.requirement("K1")
def test_on_screen_since_begins_anew_after_the_screen_was_dark() -> None:
    """What was painted before the window died was not on the screen in between."""
    story = Story.of_aino()
    story.tell(WindowCame(), WindowPainted(versions={"view": 1}))
    first = story.state.documents.reported["view"].painted_at
    story.wait(60.0)
    story.tell(WindowPainted(versions={"view": 1}))
    assert story.state.documents.reported["view"].painted_at == first
    story.tell(WindowWent(), WindowCame(), WindowPainted(versions={"view": 1}))
    assert story.state.documents.reported["view"].painted_at == story.wall


def test_a_fault_and_its_end_are_reported_at_once() -> None:
    """The desk does not read for a minute what is not so any more."""
    story = Story.of_aino()
    story.tell(LinkChanged(connected=True))
    effects = story.tell(WindowCame(), WindowPainted(versions={}))
    assert [each.heartbeat.faults for each in effects if isinstance(each, SendHeartbeat)] == [[]]
    (beat,) = (each for each in story.tell(WindowWent()) if isinstance(each, SendHeartbeat))
    assert [fault.part for fault in beat.heartbeat.faults] == ["screen"]
    assert not [each for each in story.tell(Ticked()) if isinstance(each, SendHeartbeat)]
