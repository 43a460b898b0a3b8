"""Story: every part of a conversation is killed once, and no word of it is lost, doubled or out of order."""

import os
import signal
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from device.window_protocol.intents import CloseVisit, SendReply
from tests.flows.house import House
from tests.flows.test_customer_service import bubbles, end, go_online, join, take_next, touch, write
from tests.link.waiting import eventually
from tests.media.caller import CHROMIUM, FLAGS

LONG_S = 45.0
BUBBLES = "#messages .bubble > p"


@pytest.fixture
def mortal(nurse: Page) -> Iterator[Browser]:
    """A browser of its own, which may be killed."""
    browser = nurse.context.browser
    assert browser
    started = browser.browser_type.launch(executable_path=CHROMIUM, args=FLAGS)
    yield started
    started.close()


def opened(house: House, browser: Browser) -> Page:
    """Anna, signed in with this browser."""
    page = browser.new_context(locale="fi-FI", reduced_motion="reduce").new_page()
    house.sign_in(page, "anna")
    return page


def kill(browser: Browser) -> None:
    """The browser with all its processes, as a crash of the computer would."""
    session = browser.new_browser_cdp_session()
    processes = session.send("SystemInfo.getProcessInfo")["processInfo"]
    (main,) = (each["id"] for each in processes if each["type"] == "browser")
    os.kill(main, signal.SIGKILL)
    eventually(lambda: not browser.is_connected() or not _runs(main), "the browser is dead")


def _runs(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def press_enter(page: Page, words: str) -> None:
    """The agent writes and presses Enter, whatever becomes of it."""
    page.locator("#text").fill(words)
    page.locator("#text").press("Enter")


def on_screen(house: House, *words: str) -> None:
    """Wait until the screen shows exactly this conversation."""
    eventually(lambda: bubbles(house) == list(words), f"the screen shows {words}", LONG_S)


@pytest.mark.requirement("Q4")
@pytest.mark.requirement("Q9")
@pytest.mark.requirement("Q10")
def test_whatever_is_killed_each_message_arrives_once_and_in_order(
    house: House, nurse: Page, mortal: Browser
) -> None:
    """Window, link worker, desk, core, broker and browser, each by kill -9 with a message on its way."""
    desk, tablet = house.stack.desk, house.stack.tablet
    agent = opened(house, mortal)
    go_online(house, agent)
    visit = join(house)
    take_next(agent)
    address = agent.url

    tablet.window.kill()
    write(agent, "Yksi")
    tablet.window.wait_until(lambda: tablet.window.pid is not None)
    desk.link.kill()
    touch(house, SendReply("Kyllä"))
    expect(agent.locator(BUBBLES)).to_have_text(["Yksi", "Kyllä"], timeout=LONG_S * 1000)

    desk.pages.kill()
    press_enter(agent, "Kaksi")
    expect(agent.locator("#unsent")).to_contain_text("Kaksi")
    press_enter(agent, "Kolme")
    expect(agent.locator(BUBBLES)).to_have_text(["Yksi", "Kyllä", "Kaksi", "Kolme"], timeout=LONG_S * 1000)
    tablet.core.kill()
    on_screen(house, "Yksi", "Kyllä", "Kaksi", "Kolme")

    house.stack.broker.kill()
    write(agent, "Neljä")
    kill(mortal)
    touch(house, SendReply("Ei"))
    on_screen(house, "Yksi", "Kyllä", "Kaksi", "Kolme", "Neljä", "Ei")
    nurse.goto(address)
    whole = ["Yksi", "Kyllä", "Kaksi", "Kolme", "Neljä", "Ei"]
    expect(nurse.locator(BUBBLES)).to_have_text(whole, timeout=LONG_S * 1000)
    end(house, nurse)
    house.resident_sees("Oliko se hyvä?")
    touch(house, CloseVisit(visit))
