"""Stories: a resident asks customer service by text, and a person answers."""

import signal

import pytest
from playwright.sync_api import Page, Route, expect

from device.window_protocol.intents import (
    AnswerCall,
    AnswerCallBack,
    AskForVideo,
    AskToLeaveQueue,
    ChooseQueue,
    CloseVisit,
    Intent,
    JoinQueue,
    LeaveQueue,
    OpenPage,
    RateVisit,
    SendReply,
)
from device.window_protocol.model import CallPage, ChatPage
from tests.calls.room import sees_the_room
from tests.flows.house import House
from tests.link.waiting import eventually

TOPIC = "Ruoka ja ostokset"
OFFER_CALL_BACK = """
from datetime import timedelta
from django.db.models import F
from cloud.queue.models import Visit
Visit.objects.filter(stage="waiting").update(joined_at=F("joined_at") - timedelta(minutes=16))
"""


def touch(house: House, intent: Intent) -> None:
    """A finger on the button that does this, as soon as the screen has it."""
    eventually(lambda: repr(intent) in repr(house.screen.newest), f"the screen has {intent!r}")
    house.resident_taps(intent)


def join(house: House) -> str:
    """The resident joins the line to write, by touching; the visit's id."""
    queue = str(house.desk_knows("queue.Queue", "id", name=TOPIC)[0])
    house.do(OpenPage("queue"))
    touch(house, ChooseQueue(queue))
    touch(house, JoinQueue(queue, "text"))
    house.resident_sees("Olet jonossa, paikka 1")
    return str(house.desk_knows("queue.Visit", "id", stage="waiting")[0])


def go_online(house: House, page: Page) -> None:
    """The agent signs in to all queues; until then the page says that customers cannot reach her."""
    page.goto(f"{house.stack.desk.url}/queue/")
    if page.locator(".agent-state.offline").count():
        for box in page.locator("input[name=queues]").all():
            box.check(force=True)
        page.locator("input[name=display_name]").fill("Anna palvelusta")
        page.locator("form[action$='/queue/sign-in/'] button").click()
    expect(page.locator(".agent-state.online")).to_be_visible()


def take_next(page: Page) -> None:
    """The button is live as soon as somebody waits; nobody reloads."""
    page.locator("button[formaction$='/next/']:enabled").click()
    page.wait_for_url("**/queue/visits/**")


def write(page: Page, words: str) -> None:
    """The agent writes and presses Enter."""
    page.locator("#text").fill(words)
    page.locator("#text").press("Enter")
    expect(page.locator("#messages .bubble.agent").last).to_contain_text(words)


def bubbles(house: House) -> list[str]:
    page = house.screen.newest.page if house.screen.newest else None
    return [bubble.text for bubble in page.bubbles] if isinstance(page, ChatPage) else []


def end(house: House, page: Page) -> None:
    """End the visit as the agent."""
    page.once("dialog", lambda dialog: dialog.accept())
    page.locator("form[action$='/remove/'] button").click()
    page.wait_for_url("**/queue/")


@pytest.mark.requirement("Q1")
@pytest.mark.requirement("Q3")
@pytest.mark.requirement("Q4")
@pytest.mark.requirement("Q7")
@pytest.mark.requirement("Q10")
def test_a_conversation_by_text_from_the_line_to_the_three_faces(house: House, nurse: Page) -> None:
    """Joined by touch, taken, written both ways, ended with all the times, and rated."""
    go_online(house, nurse)
    visit = join(house)
    take_next(nurse)
    house.resident_sees("Anna palvelusta")
    write(nurse, "Hyvää päivää <b>Aino</b>")
    eventually(lambda: bubbles(house) == ["Hyvää päivää <b>Aino</b>"], "the message is on the screen")
    touch(house, SendReply("Kyllä"))
    expect(nurse.locator(".bubble.customer")).to_contain_text("Kyllä")
    end(house, nurse)
    house.resident_sees("Oliko se hyvä?")
    house.resident_sees("Palvelu kesti klo")
    touch(house, RateVisit(visit, "good"))
    house.desk_knows("queue.Visit", id=visit, rating="good")
    touch(house, CloseVisit(visit))


def call_on(house: House) -> CallPage | None:
    """The call on the resident's screen."""
    screen = house.screen.newest
    return screen.page if screen and isinstance(screen.page, CallPage) else None


@pytest.mark.requirement("Q5")
def test_text_is_raised_to_video_and_ends(house: House, nurse: Page) -> None:
    """The agent suggests it, the resident says yes by touch, both see each other; done is done."""
    go_online(house, nurse)
    visit = join(house)
    take_next(nurse)
    write(nurse, "Näytättekö sen minulle?")

    def agree(route: Route) -> None:
        """The resident is quicker than the agent's page is drawn again."""
        answer = route.fetch(max_redirects=0)
        house.resident_sees("haluaisi puhua kuvan kanssa")
        touch(house, AskForVideo())
        house.desk_knows("queue.Visit", id=visit, way="video")
        route.fulfill(response=answer)

    nurse.route("**/video/", agree, times=1)
    nurse.locator("form[action$='/video/'] button").click()
    eventually(lambda: (page := call_on(house)) and page.frames, "the agent's picture is on the screen")
    expect(nurse.locator("#video")).to_have_attribute("data-state", "connected")
    sees_the_room(nurse, "#customer")
    house.desk_knows("calls.Call", kind="service", state="connected")
    end(house, nurse)
    eventually(lambda: call_on(house) is None, "the call is over")
    house.desk_knows("calls.Call", kind="service", why="caller")
    house.do(OpenPage("queue"))
    house.resident_sees("Oliko se hyvä?")
    touch(house, CloseVisit(visit))


def test_a_call_back_rings_while_the_resident_does_something_else(house: House, nurse: Page) -> None:
    """Offered and accepted in line; the agent's board has the task, and the screen rings as that queue."""
    go_online(house, nurse)
    visit = join(house)
    house.stack.desk.run("shell", "-v", "0", "-c", OFFER_CALL_BACK)
    touch(house, AnswerCallBack(accepted=True))
    house.resident_sees("Soitamme sinulle")
    touch(house, OpenPage("home"))
    nurse.get_by_role("heading", name="Luvatut soitot").wait_for()
    take_next(nurse)
    nurse.locator("#video-start").click()
    house.resident_sees(f"Anna palvelusta, {TOPIC} soittaa")
    (call,) = house.desk_knows("calls.Call", "id", kind="service", order=["-offered_at"])
    touch(house, AnswerCall(str(call)))
    expect(nurse.locator("#video")).to_have_attribute("data-state", "connected")
    end(house, nurse)
    eventually(lambda: call_on(house) is None, "the call is over")
    house.do(OpenPage("queue"))
    touch(house, CloseVisit(visit))


@pytest.mark.requirement("Q9")
def test_a_killed_core_is_away_within_seconds_and_takes_its_place_again(house: House, nurse: Page) -> None:
    """Killed with -9 in line: away within five seconds; started again, it is in its place by itself."""
    go_online(house, nurse)
    visit = join(house)
    house.stack.tablet.core.stop(signal.SIGKILL)
    house.desk_knows("queue.Visit", id=visit, away_since__isnull=False, timeout_s=8)
    expect(nurse.locator(".pill.away")).to_be_visible()
    house.stack.tablet.core.start()
    house.desk_knows("queue.Visit", id=visit, away_since=None)
    house.do(OpenPage("queue"))
    house.resident_sees("Olet jonossa, paikka 1")
    touch(house, AskToLeaveQueue())
    touch(house, LeaveQueue())
    house.desk_knows("queue.Visit", id=visit, end="left")
    touch(house, OpenPage("home"))
    expect(nurse.locator("button[formaction$='/next/']:enabled")).to_have_count(0)


@pytest.mark.requirement("Q2")
@pytest.mark.requirement("Q6")
def test_released_to_another_agent_with_the_conversation_and_the_place(house: House, nurse: Page) -> None:
    """The first cannot go offline with a customer; released, the next agent sees what was written."""
    go_online(house, nurse)
    visit = join(house)
    take_next(nurse)
    write(nurse, "Hetki vain.")
    nurse.locator("form[action$='/queue/sign-out/'] button").click()
    expect(nurse.locator("[role=alert] a[href*='/queue/visits/']")).to_be_visible()
    nurse.locator("[role=alert] a[href*='/queue/visits/']").first.click()
    nurse.once("dialog", lambda dialog: dialog.accept())
    nurse.locator("form[action$='/release/'] button").click()
    house.resident_sees("Joku toinen jatkaa kanssasi. Paikkasi on tallessa.")
    second = nurse.context.browser.new_context(locale="fi-FI", reduced_motion="reduce")  # type: ignore[union-attr]
    try:
        other = second.new_page()
        house.sign_in(other, "mikael")
        go_online(house, other)
        take_next(other)
        expect(other.locator(".bubble.agent")).to_contain_text("Hetki vain.")
        eventually(lambda: bubbles(house) == ["Hetki vain."], "the conversation is on the screen again")
        end(house, other)
        other.locator("form[action$='/queue/sign-out/'] button").click()
        expect(other.locator(".agent-state.offline")).to_be_visible()
    finally:
        second.close()
    house.resident_sees("Oliko se hyvä?")
    touch(house, CloseVisit(visit))
