"""Story: a nurse calls a resident as herself, by the session in which she has signed in (V10)."""

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from device.window_protocol.intents import AnswerCall, RequestUrgentCall
from tests.calls.room import sees_the_room
from tests.flows.house import House
from tests.link.waiting import eventually


def talks(house: House, nurse: Page, button: Locator) -> str:
    """She presses the button, the resident answers, both see each other, and she hangs up; the call's id."""
    nurse.context.grant_permissions(["camera", "microphone"])
    with nurse.context.expect_page() as opened:
        button.click()
    page = opened.value
    house.resident_sees("state='ringing'")
    house.resident_sees("Anna Salo")
    call_id = house.newest_call()
    house.resident_taps(AnswerCall(call_id))
    sees_the_room(page)
    eventually(lambda: (call := house.call_on_screen()) and call.frames, "her picture is on the screen")
    page.locator("#hang-up").click()
    eventually(lambda: house.call_on_screen() is None, "the call is over")
    page.close()
    return call_id


@pytest.mark.requirement("V10")
def test_from_the_residents_page(house: House, nurse: Page, context: BrowserContext) -> None:
    """One press: her own name on the screen, and in the log of calls her own account; no link was made."""
    links = house.desk_counts("calls.PersonalLink", user=None)
    (resident,) = house.desk_knows("devices.Device", "resident")
    nurse.goto(f"{house.stack.desk.url}/residents/{resident}/")
    call_id = talks(house, nurse, nurse.get_by_role("button", name="Soita nyt"))
    house.resident_touches_the_end_away()
    house.desk_knows("calls.Call", id=call_id, why="caller", contact__staffcontact__isnull=False)
    assert house.desk_counts("calls.PersonalLink", user=None) == links
    with context.expect_page() as opened:
        nurse.get_by_role("button", name="Soita nyt").click()
    nurse.goto(f"{house.stack.desk.url}/help/")
    nurse.locator("form[action='/sign-out/'] button").first.click()
    expect(opened.value.locator("#door-words")).to_be_visible()
    eventually(lambda: house.call_on_screen() is None, "with the session the call has ended")


@pytest.mark.requirement("V10", "V11")
def test_from_the_board_where_somebody_asks_for_a_call(house: House, nurse: Page) -> None:
    """The resident asks for a call; on the board it is answered with one press."""
    house.do(RequestUrgentCall())
    talks(house, nurse, nurse.locator("button[id^='call-']"))
    house.nobody_waits(nurse)
