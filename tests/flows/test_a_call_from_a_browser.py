"""Story: the daughter opens her personal link, and she and her mother talk with video."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from device.window_protocol.intents import AnswerCall, HangUp, OpenPage, OpenPerson, PlaceCall, RefuseCall
from device.window_protocol.model import Home, PersonPage
from provisioning.demo.inspector import field
from tests.calls.room import sees_the_room
from tests.flows.house import House
from tests.link.waiting import eventually


@pytest.fixture
def daughter(house: House, browser: Browser) -> Iterator[Page]:
    """Leena at her page, in a browser with a camera and a microphone; the resident's screen is at home."""
    house.do(OpenPage("home"))
    context = browser.new_context(locale="en", permissions=["camera", "microphone"], reduced_motion="reduce")
    page = context.new_page()
    page.goto(house.links["Leena Virtanen"])
    expect(page.get_by_role("button", name="Call Aino Virtanen")).to_be_enabled()
    yield page
    context.close()
    eventually(lambda: house.call_on_screen() is None, "the call is over")
    house.do(OpenPage("home"))


def calls(house: House, daughter: Page) -> str:
    """She presses the button; the call's id once it rings."""
    daughter.get_by_role("button", name="Call Aino Virtanen").click()
    house.resident_sees("state='ringing'")
    return house.newest_call()


def allow_at_any_hour(house: House, nurse: Page, browser: Browser) -> None:
    """Permit forced calls at any hour, which a second person confirms; the test may run at night."""
    (resident,) = house.desk_knows("devices.Device", "resident")
    nurse.goto(f"{house.stack.desk.url}/residents/{resident}/care/")
    nurse.locator("#id_forced_from").fill("00:00")
    nurse.locator("#id_forced_until").fill("00:00")
    nurse.locator("form:has(#id_forced_from) button").click()
    expect(nurse.locator(".notice")).to_be_visible()
    context = browser.new_context(reduced_motion="reduce")
    second = context.new_page()
    house.sign_in(second, "admin")
    second.goto(f"{house.stack.desk.url}/proposals/")
    second.locator("button[formaction$='/confirm/']").click()
    house.desk_knows("people.CareSettings", forced_until="00:00:00")
    context.close()
    house.desk_knows("devices.DesiredDocument", name="policy", received_version=field("version"))


@pytest.mark.requirement("V10")
def test_she_calls_and_both_see_each_other(house: House, daughter: Page) -> None:
    """Her name on the whole screen, one finger answers, pictures at both ends; she hangs up."""
    call_id = calls(house, daughter)
    house.resident_sees("Leena Virtanen")
    house.resident_taps(AnswerCall(call_id))
    sees_the_room(daughter)
    eventually(lambda: (page := house.call_on_screen()) and page.frames, "her picture is on the screen")
    expect(daughter.get_by_text("You are talking with Aino Virtanen.")).to_be_visible()
    house.desk_knows("calls.Call", id=call_id, state="connected")
    daughter.get_by_role("button", name="Hang up").click()
    house.resident_touches_the_end_away()
    house.desk_knows("calls.Call", id=call_id, why="caller")


def test_a_refusal_is_said_kindly(house: House, daughter: Page) -> None:
    """One finger; she reads it at once."""
    house.resident_taps(RefuseCall(calls(house, daughter)))
    expect(daughter.get_by_text("Aino Virtanen does not want to talk just now.")).to_be_visible()


@pytest.mark.requirement("V26")
def test_the_mother_calls_and_the_daughter_answers(house: House, daughter: Page) -> None:
    """Available as soon as the page is open; a tap on her face, and her browser rings."""
    home = eventually(lambda: house.screen.newest and house.screen.newest.page, "a page")
    assert isinstance(home, Home)
    assert home.relatives
    leena = next(face for face in home.relatives.faces if face.name.startswith("Leena"))
    assert isinstance(leena.intent, OpenPerson)
    house.resident_taps(leena.intent)
    person = eventually(
        lambda: (screen := house.screen.newest) and isinstance(screen.page, PersonPage) and screen.page,
        "her page",
    )
    assert isinstance(person, PersonPage)
    assert person.call
    house.resident_taps(PlaceCall(leena.intent.contact_id))
    expect(daughter.get_by_role("heading", name="Aino Virtanen calls you")).to_be_visible()
    expect(daughter.locator("body")).to_have_attribute("data-rang", re.compile(r"\d+"))
    daughter.get_by_role("button", name="Answer").click()
    sees_the_room(daughter)
    eventually(lambda: (page := house.call_on_screen()) and page.state == "connected", "the call goes on")
    house.resident_taps(HangUp(house.newest_call()))
    expect(daughter.get_by_text("Aino Virtanen has hung up.")).to_be_visible()


@pytest.mark.requirement("K5", "V13")
def test_a_forced_call_opens_by_itself_and_is_in_both_logs(
    house: House, daughter: Page, nurse: Page, browser: Browser
) -> None:
    """Who and why on the screen while it counts down; then it opens, and both chains have it."""
    allow_at_any_hour(house, nurse, browser)
    daughter.get_by_role("button", name="Forced call").click()
    daughter.get_by_label("Reason").select_option("no-answer")
    daughter.get_by_label("In your own words").fill("Ei vastannut aamulla")
    daughter.get_by_role("button", name="Call now").click()
    house.resident_sees("state='countdown'")
    house.resident_sees("Ei vastannut aamulla")
    call_id = house.newest_call()
    sees_the_room(daughter)
    expect(daughter.get_by_text("You are talking with Aino Virtanen.")).to_be_visible()
    daughter.get_by_role("button", name="Hang up").click()
    house.desk_knows("calls.DeviceLogEntry", call_id=call_id, wrong="")
    assert "hold together" in house.stack.desk.run("verify_forced_calls")
