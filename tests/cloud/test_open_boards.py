"""The desk knows which boards ring, and where none does somebody else is notified at once (K3)."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from cloud.help import open_boards
from cloud.help.models import OpenBoard
from tests.cloud.homes import Home, make_home
from tests.cloud.ladder_story import Story

pytestmark = pytest.mark.requirement("K3", "S3")


@pytest.fixture
def story(home: Home) -> Story:
    """Nobody has a board open."""
    made = Story(home)
    OpenBoard.objects.all().delete()
    return made


def look_in(desk: Client, rings: str) -> None:
    """An open page asks how many wait."""
    desk.get("/help/count/", HTTP_HX_REQUEST="true", HTTP_X_RINGS=rings)


def test_without_an_open_board_the_first_contact_is_notified_at_once(story: Story) -> None:
    """The next ones as always: a minute each."""
    story.contact("second")
    assert [who for who, _, _ in story.at(1)] == [story.home.escalation_contact.name]
    assert story.at(59) == []
    assert [who for who, _, _ in story.at(62)] == ["second"]


def test_a_board_that_rings_has_the_first_minute(story: Story, desk: Client) -> None:
    """It says so itself, with each look at how many wait."""
    look_in(desk, "1")
    assert story.at(59) == []
    assert len(story.at(61)) == 1


def test_a_board_without_sound_is_no_board(story: Story, desk: Client) -> None:
    """It is open, but not audible."""
    look_in(desk, "0")
    assert OpenBoard.objects.get().rings_at is None
    assert len(story.at(1)) == 1


def test_a_board_that_fell_silent_is_no_board(story: Story, desk: Client) -> None:
    """A request that waits meanwhile goes on at once."""
    look_in(desk, "1")
    assert story.at(5) == []
    OpenBoard.objects.update(rings_at=timezone.now() - open_boards.SILENCE - timedelta(seconds=1))
    assert len(story.at(6)) == 1


def test_only_boards_that_show_the_request_count(story: Story) -> None:
    """Those of the organisation and of the ones above it; not of neighbours, nor of a home below."""
    open_boards.heard(make_home("Naapuri").user, rings=True)
    open_boards.heard(make_home("Alempi", story.home.organisation).user, rings=True)
    assert not open_boards.is_ringing(story.home.organisation)
    above = make_home("Ylempi")
    open_boards.heard(above.user, rings=True)
    assert open_boards.is_ringing(make_home("Alin", above.organisation).organisation)
