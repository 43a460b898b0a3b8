import pytest

from device.contract.events import ScreenLost, ScreenRestored
from device.rules.effects import RestartWindow
from device.rules.events import Ticked, WindowBeat, WindowCame, WindowPainted, WindowWent
from device.rules.health import faults
from tests.device.story import Story


@pytest.mark.requirement("K2")
def test_a_frozen_loop_is_restarted_within_fifteen_seconds_and_told() -> None:
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
        story.wait(5.0)
        story.tell(WindowBeat(), Ticked())
    assert not story.recorded(ScreenLost)


@pytest.mark.requirement("K2")
def test_a_window_that_died_is_told_lost_and_restored_once() -> None:
    """The desk knows how long the screen was dark."""
    story = Story()
    story.tell(WindowCame(), WindowPainted(versions={}), WindowWent())
    assert any(fault.part == "screen" for fault in faults(story.state, story.now))
    story.wait(2.0)
    story.tell(WindowCame(), WindowPainted(versions={}), WindowPainted(versions={}))
    assert len(story.recorded(ScreenLost)) == 1
    assert [each.what for each in story.recorded(ScreenRestored)] == [ScreenRestored(silent_s=2.0)]
    assert not any(fault.part == "screen" for fault in faults(story.state, story.now))
