"""A board that would not ring says so aloud, in a real browser (K3)."""

import re
from collections.abc import Callable

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from playwright.sync_api import Page, expect

from cloud.help.models import HelpRequest, OpenBoard
from tests.cloud.homes import Home
from tests.cloud.test_browser import home, opened, press, was_not_reloaded

__all__ = ["home"]
pytestmark = pytest.mark.requirement("K3")
Visit = Callable[[Home], Page]


def board(visit: Visit, home: Home) -> Page:
    """The open board, with a clock that the test moves and its sound on."""
    page = visit(home)
    page.clock.install()
    opened(page, "/help/")
    with page.expect_response(lambda answer: answer.request.headers.get("x-rings") == "1"):
        page.get_by_role("heading", name="Help board").click()
    expect(page.locator("body")).to_have_attribute("data-sound", "running")
    return page


def test_a_desk_that_does_not_answer_is_loud_and_comes_back(visit: Visit, home: Home) -> None:
    """The board rings, names the reason, and is calm again by itself when the desk answers."""
    page = board(visit, home)
    no_ring = page.locator("#no-ring")
    expect(no_ring).to_be_hidden()
    page.context.set_offline(True)
    page.clock.run_for(60_000)
    expect(no_ring).to_contain_text("This board does not ring")
    expect(no_ring).to_contain_text("The desk does not answer.")
    expect(page.locator("body")).to_have_attribute("data-rang", re.compile(r"[1-9]"))
    expect(page).to_have_title(re.compile("^⚠"))
    page.context.set_offline(False)
    page.clock.run_for(20_000)
    expect(no_ring).to_be_hidden()
    assert was_not_reloaded(page)


def test_a_session_that_ended_is_loud(visit: Visit, home: Home) -> None:
    """The board stays, says that it does not ring, and leads to the door and back."""
    page = board(visit, home)
    Session.objects.all().delete()
    page.clock.run_for(16_000)
    expect(page.locator("#no-ring")).to_contain_text("You have been signed out.")
    assert was_not_reloaded(page)
    page.locator("#no-ring a").click()
    expect(page).to_have_url(re.compile(r"/sign-in/\?next=/help/$"))


def test_a_session_is_about_to_end(visit: Visit, home: Home) -> None:
    """Half an hour before there is a warning, and one press keeps it."""
    page = board(visit, home)
    store = SessionStore(Session.objects.get().session_key)
    store["kept_at"] = store["kept_at"] - 11.75 * 3600
    store.save()
    page.clock.run_for(16_000)
    ending = page.locator("#ending")
    expect(ending).to_be_visible()
    ending.get_by_role("button", name="Stay signed in").click()
    expect(ending).to_be_hidden()
    page.clock.run_for(16_000)
    expect(ending).to_be_hidden()


def test_a_step_that_the_desk_refuses_is_no_silence(visit: Visit, home: Home) -> None:
    """After another sign-in in this browser the old page's step is refused, and it says so."""
    press(home)
    page = board(visit, home)
    page.context.clear_cookies(name="csrftoken")
    page.get_by_role("button", name="I will go").click()
    expect(page.locator("#refused")).to_contain_text("Nothing was changed")
    assert HelpRequest.objects.get().taken_at is None


def test_the_desk_knows_whether_the_board_rings(visit: Visit, home: Home) -> None:
    """Not before its sound is on; from then on, without a wait."""
    page = visit(home)
    with page.expect_response("**/help/count/"):
        opened(page, "/help/")
    assert OpenBoard.objects.get().rings_at is None
    expect(page.locator("#sound-off")).to_be_visible()
    with page.expect_response("**/help/count/"):
        page.get_by_role("button", name="Switch the sound on").click()
    assert OpenBoard.objects.get().rings_at is not None
