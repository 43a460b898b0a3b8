"""What the desk's forms have in common."""

from datetime import time

import pytest
from django.core.exceptions import ValidationError
from playwright.sync_api import Dialog, expect

from cloud.base.forms import ClockField
from tests.cloud.homes import Home
from tests.cloud.test_browser import Visit, home, opened

__all__ = ["home"]


@pytest.mark.parametrize("typed", ["9:05", "09:05", "9.05", "905", "0905", " 09:05 ", "09:05:00"])
def test_a_time_is_read_as_people_type_it(typed: str) -> None:
    """With a colon, a dot or nothing in between."""
    assert ClockField().clean(typed) == time(9, 5)


@pytest.mark.parametrize("typed", ["25:00", "9:75", "24:00", "1:2:3:4", "nine", "9 pm"])
def test_no_time_is_refused(typed: str) -> None:
    """What is no time of day is said to be none."""
    with pytest.raises(ValidationError):
        ClockField().clean(typed)


def test_the_browser_asks_before_what_was_entered_is_lost(visit: Visit, home: Home) -> None:
    """A user who leaves a form with something entered is asked first, unless it is saved."""
    page = opened(visit(home), f"/residents/{home.resident.pk}/")
    name = page.get_by_label("First name")
    name.fill("Aino-Maija")
    asked: list[str] = []

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    page.once("dialog", stay)
    page.get_by_role("link", name="Devices", exact=True).click()
    assert asked == ["beforeunload"]
    expect(name).to_have_value("Aino-Maija")
    page.locator("form").filter(has=name).get_by_role("button", name="Save personal details").click()
    expect(page.get_by_role("heading", name="Aino-Maija Virtanen")).to_be_visible()
    page.get_by_role("link", name="Devices", exact=True).click()
    expect(page.get_by_role("heading", name="Devices", level=1, exact=True)).to_be_visible()
