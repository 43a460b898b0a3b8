"""A story: a document that the device's code never returns from. Help goes on; the document is set aside."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.flows.house import House
from tests.link.waiting import eventually


@pytest.fixture
def fragile(house: House) -> Iterator[House]:
    """The tablet's core has a mistake in it that a certain calendar finds."""
    core = house.stack.tablet.core
    command = core.command
    core.stop()
    core.command = tuple("tests.flows.hanging_core" if part == "device" else part for part in command)
    core.start()
    yield house
    core.stop()
    core.command = command
    core.start()


@pytest.mark.requirement("K21", "K1", "K3")
def test_help_goes_on_and_the_calendar_is_set_aside(fragile: House, nurse: Page) -> None:
    """The wall button reaches the board meanwhile; the desk reads why; the last good calendar is back."""
    starts = fragile.stack.tablet.core.starts
    eventually(lambda: fragile.screen.says("page=Home("), "the home page of the new core")
    resident = fragile.desk_knows("devices.Device", "resident", id=fragile.stack.tablet.device)
    calendar = f"{fragile.stack.desk.url}/residents/{resident[0]}/calendar/new/"
    nurse.goto(calendar)
    nurse.locator("[name=title]").fill("HANG")
    nurse.locator("[name=day]").fill("2031-01-06")
    nurse.locator("[name=begins]").fill("10:00")
    nurse.locator("form.card button:not([formaction])").last.click()
    fragile.press_the_wall_button()
    nurse.goto(f"{fragile.stack.desk.url}/help/")
    expect(nurse.locator("button[id^='take-']")).to_have_count(1)
    assert fragile.stack.tablet.core.starts == starts
    fragile.desk_knows(
        "devices.DesiredDocument",
        name="calendar",
        rejected_reason="the device could not use it",
        timeout_s=60.0,
    )
    assert fragile.stack.tablet.core.starts > starts
    fragile.resident_sees("Pyyntö on perillä")
    expect(nurse.locator("button[id^='take-']")).to_have_count(1)
    nurse.goto(calendar.replace("new/", ""))
    nurse.get_by_role("link", name="HANG").click()
    nurse.on("dialog", lambda dialog: dialog.accept())
    nurse.locator("button[formaction]").click()
    fragile.desk_knows("devices.DesiredDocument", name="calendar", rejected_reason="")
    fragile.nobody_waits(nurse)
