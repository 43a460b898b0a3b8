"""Story: what the home page shows leads somewhere, and back."""

import pytest
from playwright.sync_api import Page

from device.window_protocol.intents import OpenPage
from device.window_protocol.model import Home, TodayPage
from tests.flows.house import House
from tests.link.waiting import eventually


@pytest.mark.requirement("V1")
def test_the_agenda_leads_to_the_day_and_back(house: House, nurse: Page) -> None:
    """By finger on the display."""
    house.resident_taps(OpenPage("today"))
    eventually(lambda: is_shown(house, TodayPage), "the page of the day")
    house.resident_taps(OpenPage("home"))
    eventually(lambda: is_shown(house, Home), "the home page")


def is_shown(house: House, kind: type) -> bool:
    return house.screen.newest is not None and isinstance(house.screen.newest.page, kind)
