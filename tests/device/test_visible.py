"""The visible state is one value, and the screen is composed again when it differs."""

import pytest

from device.rules.events import FaultChanged, LinkChanged, Ticked
from device.screen.visible import Visible
from tests.device.story import Story


def test_a_beat_a_tick_and_a_fault_change_nothing_that_can_be_seen() -> None:
    """The screen is not composed for them: it would cost the processor for nothing."""
    story = Story.of_aino()
    before = Visible.of(story.state, story.now)
    story.tell(Ticked(with_beat=True), FaultChanged(part="modem", reason="no network"))
    story.wait(5)
    story.tell(Ticked())
    assert Visible.of(story.state, story.now) == before


@pytest.mark.requirement("K4")
def test_a_lost_link_and_a_new_minute_can_be_seen() -> None:
    """Both change the words on the screen."""
    story = Story.of_aino()
    before = Visible.of(story.state, story.now)
    story.tell(LinkChanged(connected=True))
    connected = Visible.of(story.state, story.now)
    story.wait(60)
    assert len({repr(each) for each in (before, connected, Visible.of(story.state, story.now))}) == 3
