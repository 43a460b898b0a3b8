from datetime import timedelta

import pytest

from device.contract.documents import People, View
from device.rules.events import DocumentArrived, Intended, LinkChanged, Ticked
from device.window_protocol.intents import OpenPage, OpenPerson, ToggleMute
from device.window_protocol.model import CafePage, Home, PersonPage
from tests.device.story import Story


def home(story: Story) -> Home:
    page = story.screen().page
    assert isinstance(page, Home)
    return page


@pytest.mark.requirement("V1")
def test_mute_says_until_when_and_ends_by_itself() -> None:
    """Nobody misses calls for days because of one touch."""
    story = Story.of_aino()
    story.tell(Intended(intent=ToggleMute()))
    mute = home(story).mute
    assert mute
    assert mute.detail == "Klo 14.00 asti"
    story.wait(2 * 3600)
    story.tell(Ticked())
    assert not home(story).mute.on  # type: ignore[union-attr]


def test_a_second_touch_unmutes() -> None:
    """The same button takes back what it did."""
    story = Story.of_aino()
    story.tell(Intended(intent=ToggleMute()), Intended(intent=ToggleMute()))
    assert not home(story).mute.on  # type: ignore[union-attr]


def test_a_clock_set_back_does_not_leave_the_ring_silent_for_days() -> None:
    """A flat clock battery is no reason to miss calls."""
    story = Story.of_aino()
    story.tell(Intended(intent=ToggleMute()))
    story.wall -= timedelta(days=30)
    story.tell(Ticked())
    assert not home(story).mute.on  # type: ignore[union-attr]


def test_a_forgotten_page_gives_way_to_home() -> None:
    """The clock comes back to the wall."""
    story = Story.of_aino()
    story.tell(Intended(intent=OpenPerson("ritva")))
    assert isinstance(story.screen().page, PersonPage)
    story.wait(180)
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
