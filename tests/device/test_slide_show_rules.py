"""The slide show: only at rest, and gone with the first touch."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from device.contract.documents import View
from device.contract.messages import AlbumPicture, MessagePlan
from device.rules.events import DocumentArrived, Ticked
from device.rules.slide_show import HOME_S, SLIDE_S, SLIDES, seconds_to_check, slide_number
from device.screen.compose import compose
from device.window_protocol.intents import OpenPage, PressHelp
from device.window_protocol.model import CallPage, Home, Page, SlidePage
from tests.device.call_story import CallStory
from tests.device.story import EVERYTHING

pytestmark = pytest.mark.requirement("K19")
SENT_AT = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
PICTURES = [
    AlbumPicture(id=name, sender=name, photo=f"{at:064}", sent_at=SENT_AT)
    for at, name in enumerate(("Leena", "Ritva", "Anna"))
]
VIEW = View(version=2, elements=EVERYTHING, slide_show_after_min=5, language="en")


def at_rest(view: View = VIEW) -> CallStory:
    """Somebody has an album, and touches the screen once."""
    story = CallStory.of_aino(view)
    story.tell(DocumentArrived(name="messages", document=MessagePlan(version=1, album=PICTURES)))
    story.touch(OpenPage("home"))
    return story


def rests(story: CallStory, seconds: float) -> Page:
    """The page after nobody has touched anything for so long."""
    story.wait(seconds)
    story.tell(Ticked())
    return compose(story.state, story.now, lambda sha256: sha256).screen.page


def test_pictures_come_in_turn_when_nobody_touches_the_screen() -> None:
    """Each with its sender; between the rounds the home page is shown for a minute."""
    story = at_rest()
    assert isinstance(rests(story, 299.0), Home)
    senders = []
    for pause_s in (1.5, SLIDE_S, SLIDE_S, SLIDE_S):
        page = rests(story, pause_s)
        assert isinstance(page, SlidePage)
        senders.append(page.words)
    assert senders == ["Leena", "Ritva", "Anna", "Leena"]
    assert isinstance(rests(story, (SLIDES - 3) * SLIDE_S), Home)
    assert isinstance(rests(story, HOME_S), SlidePage)


def test_a_touch_of_the_picture_brings_the_home_page() -> None:
    """And it stays for as long as before the first picture."""
    story = at_rest()
    page = rests(story, 310.0)
    assert isinstance(page, SlidePage)
    story.touch(page.back.intent)
    assert isinstance(rests(story, 1.0), Home)
    assert isinstance(rests(story, 290.0), Home)


def test_a_new_view_is_seen_at_once() -> None:
    """The desk does not wait for a touch to learn that it is shown (K1)."""
    story = at_rest()
    assert isinstance(rests(story, 310.0), SlidePage)
    story.tell(DocumentArrived(name="view", document=VIEW))
    assert isinstance(rests(story, 1.0), Home)


@pytest.mark.parametrize("view", [View(version=2), View(version=2, slide_show_after_min=0)])
def test_it_is_off_unless_the_view_says_otherwise(view: View) -> None:
    """A day without a touch shows the home page."""
    assert isinstance(rests(at_rest(view), 86_400.0), Home)


def test_help_and_calls_take_the_screen_from_pictures() -> None:
    """A call rings; what was missed then stays in sight; and help is help."""
    story = at_rest()
    assert isinstance(rests(story, 310.0), SlidePage)
    story.ring()
    assert isinstance(rests(story, 0.5), CallPage)
    story.end(why="hung-up")
    assert story.state.calls.missed
    assert isinstance(rests(story, 4000.0), Home)
    pressed = at_rest()
    assert isinstance(rests(pressed, 310.0), SlidePage)
    pressed.touch(PressHelp())
    assert not isinstance(rests(pressed, 4000.0), SlidePage)


def test_at_night_no_picture_shines() -> None:
    """From the view's evening hour until its morning one."""
    story = at_rest()
    story.wait(9 * 3600.0)
    story.tell(Ticked())
    assert slide_number(story.state, story.now) is None
    assert seconds_to_check(story.state, story.now) is None


@given(idle_s=st.floats(min_value=0.0, max_value=200_000.0))
def test_the_next_tick_is_the_next_change(idle_s: float) -> None:
    """Nothing changes before it, and it is never in the past."""
    story = at_rest(VIEW)
    story.trusted = False
    story.wait(idle_s)
    before, due_s = slide_number(story.state, story.now), seconds_to_check(story.state, story.now)
    assert due_s is not None
    assert due_s >= 0.0
    story.wait(max(0.0, due_s - 0.02))
    assert slide_number(story.state, story.now) == before
    story.wait(0.04)
    assert slide_number(story.state, story.now) != before
