"""Stories: the home page leads somewhere and back, pages come home, an urgent call can be cancelled."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Page

from device.window_protocol.intents import (
    AskTable,
    CancelUrgentCall,
    Intent,
    LeaveTable,
    OpenPage,
    PressHelp,
    RequestUrgentCall,
)
from device.window_protocol.model import Home, TodayPage
from docs.generate.legibility import pages
from kiosk_ui.scene import TurnPage
from tests.flows.house import PANEL, House
from tests.link.waiting import eventually

URGENT = "help.HelpRequest"
SET_HOME_AFTER = """
from cloud.devices.documents import refresh
from cloud.devices.models import Device
from cloud.screens.models import ResidentView
device = Device.objects.get(pk="{device}")
ResidentView.objects.filter(resident=device.resident).update(home_after_s={seconds})
refresh(Device.objects.get(pk=device.pk))
"""


@pytest.mark.requirement("V1")
def test_the_agenda_leads_to_the_day_and_back(house: House, nurse: Page) -> None:
    """By finger on the display."""
    house.resident_taps(OpenPage("today"))
    eventually(lambda: is_shown(house, TodayPage), "the page of the day")
    house.resident_taps(OpenPage("home"))
    eventually(lambda: is_shown(house, Home), "the home page")


@pytest.mark.requirement("V1")
def test_everything_that_looks_touchable_on_the_home_page_leads_somewhere_and_back(
    house: House, nurse: Page
) -> None:
    """Each button by finger, one after the other: another page comes, and *Back* leads home."""
    offered = touchable(house)
    assert len(offered) >= 4
    for intent in offered:
        house.resident_taps(intent)
        eventually(lambda: not is_shown(house, Home), f"{intent!r} leads to another page")
        # While the café is open its tile asks a question first.
        house.resident_taps(LeaveTable() if isinstance(intent, AskTable) else OpenPage("home"))
        eventually(lambda: is_shown(house, Home), f"the way back from {intent!r}")
    assert touchable(house) == offered


@pytest.mark.requirement("K4")
def test_a_page_that_nobody_touches_comes_home_and_shows_the_clock_meanwhile(
    house: House, nurse: Page
) -> None:
    """After the time that the desk has set, without a touch."""
    with home_after(house, 10):
        house.resident_taps(OpenPage("people"))
        eventually(lambda: not is_shown(house, Home), "the page of all people")
        assert house.screen.newest
        assert house.screen.newest.clock
        eventually(lambda: is_shown(house, Home), "the home page by itself", 20)


@pytest.mark.requirement("V11")
def test_an_urgent_call_can_be_cancelled_for_ten_seconds_and_is_placed_after_them(
    house: House, nurse: Page
) -> None:
    """Cancelled by finger the desk hears nothing of it; the next one is on its page until it is answered."""
    before = house.desk_counts(URGENT)
    house.resident_taps(RequestUrgentCall())
    house.resident_sees("Pyydämme soittoa")
    house.resident_taps(CancelUrgentCall())
    eventually(lambda: is_shown(house, Home), "the home page after the cancelling")
    house.resident_taps(RequestUrgentCall())
    house.resident_sees("Pyydämme soittoa")
    assert house.desk_counts(URGENT) == before
    house.resident_sees("Olet pyytänyt soittoa", timeout_s=20)
    eventually(lambda: house.desk_counts(URGENT) == before + 1, "one request at the desk")
    house.nobody_waits(nurse)


@contextmanager
def home_after(house: House, seconds: int) -> Iterator[None]:
    """Pages come home after so many seconds."""
    set_home_after(house, seconds)
    yield
    set_home_after(house, 90)


def set_home_after(house: House, seconds: int) -> None:
    code = SET_HOME_AFTER.format(device=house.stack.tablet.device, seconds=seconds)
    house.stack.desk.run("shell", "-v", "0", "-c", code)
    eventually(
        lambda: house.screen.newest and house.screen.newest.home_after_s == seconds,
        f"the screen comes home after {seconds} s",
    )


def touchable(house: House) -> list[Intent]:
    """What can be touched on the home page, but for help and the urgent call, which call somebody."""
    assert house.screen.newest
    actions = [
        target.action
        for scene in pages(house.screen.newest, PANEL).values()
        for target in scene.targets
        if not isinstance(target.action, TurnPage | PressHelp | RequestUrgentCall)
    ]
    return list(dict.fromkeys(actions))


def is_shown(house: House, kind: type) -> bool:
    return house.screen.newest is not None and isinstance(house.screen.newest.page, kind)
