from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from device.contract.documents import People, View
from device.rules.events import DocumentArrived, Intended, LinkChanged, Ticked
from device.rules.navigation import seconds_to_check
from device.window_protocol.intents import LetRing, OpenPage, OpenPerson, PressHelp, SilenceRing
from device.window_protocol.model import CafePage, ChoicePage, HelpPage, Home, PersonPage
from tests.device.story import Story


def home(story: Story) -> Home:
    page = story.screen().page
    assert isinstance(page, Home)
    return page


@pytest.mark.requirement("V1")
def test_mute_says_until_when_and_ends_by_itself() -> None:
    """Nobody misses calls for days because of one touch."""
    story = Story.of_aino()
    story.tell(Intended(intent=SilenceRing(hours=2)))
    mute = home(story).mute
    assert mute
    assert mute.detail == "Klo 14.00 asti"
    story.wait(2 * 3600)
    story.tell(Ticked())
    assert not home(story).mute.on  # type: ignore[union-attr]


def test_a_second_touch_unmutes() -> None:
    """The same button takes back what it did."""
    story = Story.of_aino()
    story.tell(Intended(intent=SilenceRing(hours=2)), Intended(intent=LetRing()))
    assert not home(story).mute.on  # type: ignore[union-attr]


@pytest.mark.requirement("V1")
def test_one_touch_that_strays_silences_nothing() -> None:
    """The button of the home page asks for how long; going back leaves the ring as it was."""
    story = Story.of_aino()
    story.tell(Intended(intent=OpenPage("mute")))
    page = story.screen().page
    assert isinstance(page, ChoicePage)
    assert [choice.intent for choice in page.choices][:2] == [SilenceRing(hours=1), SilenceRing(hours=2)]
    story.tell(Intended(intent=OpenPage("home")))
    button = home(story).mute
    assert button
    assert (button.icon, button.on) == ("sound", False)


@pytest.mark.requirement("V1")
def test_in_the_evening_the_ring_can_be_silent_until_the_morning() -> None:
    """In the morning that would be for a whole day, and is not offered."""
    story = Story.of_aino()
    story.tell(Intended(intent=OpenPage("mute")))
    assert SilenceRing(hours=0) not in [each.intent for each in story.screen().page.choices]  # type: ignore[union-attr]
    story.wall = datetime(2026, 11, 21, 20, 0, tzinfo=UTC)
    story.tell(Ticked())
    (until,) = [
        each
        for each in story.screen().page.choices  # type: ignore[union-attr]
        if each.intent == SilenceRing(hours=0)
    ]
    story.tell(Intended(intent=until.intent))
    assert home(story).mute.detail == until.words  # type: ignore[union-attr]


@given(hours=st.sampled_from([0, 1, 2]), minutes=st.integers(0, 2880), back=st.integers(0, 5000))
def test_the_ring_is_never_silent_for_more_than_fourteen_hours(hours: int, minutes: int, back: int) -> None:
    """At whatever hour it is silenced, and wherever the clock goes afterwards."""
    story = Story.of_aino()
    story.wall += timedelta(minutes=minutes)
    story.tell(Intended(intent=SilenceRing(hours=hours)))  # type: ignore[arg-type]
    story.wall -= timedelta(minutes=back)
    story.tell(Ticked())
    until = story.state.mute.until
    assert until is None or timedelta(0) < until - story.wall <= timedelta(hours=14)
    story.wall += timedelta(hours=14)
    story.tell(Ticked())
    assert story.state.mute.until is None


def test_a_clock_set_back_does_not_leave_the_ring_silent_for_days() -> None:
    """A flat clock battery is no reason to miss calls."""
    story = Story.of_aino()
    story.tell(Intended(intent=SilenceRing(hours=2)))
    story.wall -= timedelta(days=30)
    story.tell(Ticked())
    assert not home(story).mute.on  # type: ignore[union-attr]


def test_a_forgotten_page_gives_way_to_home() -> None:
    """After a minute and a half, or what the view says, and no tick later than that."""
    for view, after_s in ((View(version=2), 90), (View(version=2, home_after_s=30), 30)):
        story = Story.of_aino()
        story.tell(DocumentArrived(name="view", document=view))
        story.tell(Intended(intent=OpenPerson("ritva")))
        story.wait(after_s - 1)
        story.tell(Ticked())
        assert isinstance(story.screen().page, PersonPage)
        assert seconds_to_check(story.state, story.now) == pytest.approx(1)
        story.wait(1)
        story.tell(Ticked())
        assert isinstance(story.screen().page, Home)


@pytest.mark.requirement("V8")
def test_a_contact_taken_off_the_list_is_gone_at_once() -> None:
    """Even while their page is open."""
    story = Story.of_aino()
    story.tell(Intended(intent=OpenPerson("ritva")))
    story.tell(DocumentArrived(name="people", document=People(version=2)))
    assert home(story).relatives.faces == []  # type: ignore[union-attr]


def test_the_cafe_page_needs_the_element() -> None:
    """A view without the café has no way to it."""
    story = Story.of_aino(View(version=1))
    story.tell(LinkChanged(connected=True), Intended(intent=OpenPage("cafe")))
    assert not isinstance(story.screen().page, CafePage)


@pytest.mark.requirement("K3")
def test_a_late_touch_on_mute_takes_nobody_from_help() -> None:
    """The wall button was pressed in between: help stays on the screen, and the ring is silent."""
    story = Story.of_aino()
    story.tell(Intended(intent=PressHelp()), Intended(intent=SilenceRing(hours=2)))
    assert isinstance(story.screen().page, HelpPage)
    assert story.state.mute.until
