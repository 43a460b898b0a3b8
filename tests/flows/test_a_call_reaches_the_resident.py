"""Story: somebody calls, and the resident answers on the display. The caller's page speaks the contract."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Browser, Page

from device.contract import topics
from device.contract.commands import Command, EndCall, Ring
from device.contract.events import CallAnswered, WireEvent
from device.contract.identity import new_id
from device.contract.wire import read, seal, unseal
from device.window_protocol.intents import AnswerCall, HangUp, OpenPage, OpenPerson, PressHelp
from device.window_protocol.model import CallPage, Home
from tests.flows.house import House
from tests.link.waiting import eventually
from tests.media.caller import Caller


class Line:
    """The desk's side of one call."""

    def __init__(self, house: House, caller: Caller, order: Callable[[Command], None]) -> None:
        self.house = house
        self.caller = caller
        self.order = order
        self.id = new_id(datetime.now(UTC))
        self.heard: list[CallAnswered] = []

    def hear(self, payload: bytes) -> None:
        """An event of the device, on its way to the desk."""
        what = read(unseal(payload, topics.EVENT.type).body, WireEvent).what
        if isinstance(what, CallAnswered) and what.call_id == self.id:
            self.heard.append(what)

    def answer(self) -> str:
        """The device's session description, which the desk does not keep."""
        return eventually(lambda: self.heard, "the device answers")[0].answer

    def ring(self, contact_id: str) -> None:
        """With a whole offer of a real browser."""
        self.order(Ring(call_id=self.id, contact_id=contact_id, name="Joku", offer=self.caller.offer(hz=700)))

    def event(self, kind: str) -> dict[str, str]:
        """What the device said of this call."""
        (body,) = self.house.desk_knows("devices.DeviceEvent", "body", kind=kind, body__what__call_id=self.id)
        found: dict[str, str] = body["what"]
        return found

    def page(self) -> CallPage | None:
        """The call on the resident's screen."""
        screen = self.house.screen.newest
        return screen.page if screen and isinstance(screen.page, CallPage) else None


@pytest.fixture
def line(house: House, browser: Browser) -> Iterator[Line]:
    """From the home page, with somebody to call; and back there."""
    house.do(OpenPage("home"))
    with ExitStack() as stack:

        def order(command: Command) -> None:
            now = datetime.now(UTC)
            expires_at = now + timedelta(seconds=45)
            say(topics.COMMAND, seal(command, topics.COMMAND.type, sent_at=now, expires_at=expires_at))

        page = browser.new_page()
        stack.callback(page.close)
        line = Line(house, Caller(page), order)
        say = stack.enter_context(house.desks_voice(line.hear))
        yield line
        order(EndCall(call_id=line.id, why="hung-up"))
        eventually(lambda: line.page() is None, "the call is over")


def contact_of(house: House) -> OpenPerson:
    """The first face on the home page."""
    home = eventually(lambda: house.screen.newest and house.screen.newest.page, "a page")
    assert isinstance(home, Home)
    assert home.relatives
    intent = home.relatives.faces[0].intent
    assert isinstance(intent, OpenPerson)
    return intent


def talk(line: Line) -> None:
    """Ring, answer on the display, and check audio and video at both ends."""
    contact = contact_of(line.house)
    line.ring(contact.contact_id)
    line.house.resident_sees("state='ringing'")
    line.house.resident_taps(AnswerCall(line.id))
    line.caller.answer(line.answer())
    line.event("call-connected")
    eventually(lambda: (page := line.page()) and page.frames, "the caller's picture is on the screen")


@pytest.mark.requirement("V10")
def test_a_ring_is_answered_with_one_finger_and_both_see_each_other(house: House, line: Line) -> None:
    """On the real display, in a real browser; one press hangs up and the screen is home again."""
    talk(line)
    eventually(lambda: line.caller.seen((0.5, 0.5)), "the caller sees the room")
    page = line.page()
    assert page
    assert "Joku" not in page.headline
    house.resident_taps(HangUp(line.id))
    assert line.event("call-ended")["why"] == "resident"
    eventually(lambda: "closed" in line.caller.states() or line.page() is None, "it is over at both ends")


def test_a_browser_that_dies_is_noticed_and_the_screen_is_home_again(house: House, line: Line) -> None:
    """Within ten seconds, without a word from the desk; one touch leads home."""
    talk(line)
    line.caller.page.close()
    eventually(lambda: line.page() is None, "the call is over", 10)
    assert line.event("call-ended")["why"] == "gone"
    house.resident_touches_the_end_away()


@pytest.mark.requirement("K3")
def test_help_wins_over_a_call(house: House, nurse: Page, line: Line) -> None:
    """A press during the call ends it with a reason, and help is on its way."""
    talk(line)
    house.resident_taps(PressHelp())
    house.resident_sees("page=HelpPage(")
    assert line.event("call-ended")["why"] == "help"
    house.nobody_waits(nurse)
