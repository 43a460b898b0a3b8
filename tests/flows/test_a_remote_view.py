"""Story: a nurse looks at the resident's screen from the desk, and touches it."""

import pytest
from playwright.sync_api import Locator, Page

from device.window_protocol.intents import PressHelp
from tests.flows.house import PANEL, House
from tests.link.waiting import eventually

COLOURS = """canvas => {
    const pixels = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data;
    const seen = new Set();
    for (let i = 0; i < pixels.length; i += 4004)
        seen.add(pixels[i] << 16 | pixels[i + 1] << 8 | pixels[i + 2]);
    return seen.size;
}"""


def looking(house: House, nurse: Page) -> Locator:
    nurse.goto(house.device_page())
    nurse.locator("[data-remote-view-start]").click()
    picture = nurse.locator("[data-remote-view-picture]")
    picture.wait_for()
    eventually(lambda: picture.evaluate(COLOURS) > 10, "a picture with many colours")
    return picture


@pytest.mark.requirement("K3")
def test_a_touch_in_the_browser_is_a_touch_on_the_screen(house: House, nurse: Page) -> None:
    """The nurse sees the real screen, the resident is informed, and a click requests help."""
    picture = looking(house, nurse)
    house.resident_sees("Anna Salo katsoo tätä näyttöä")
    place = house.screen.place_of(PressHelp(), PANEL)
    assert place
    x, y = place
    box = picture.bounding_box()
    assert box
    scale_x, scale_y = box["width"] / PANEL.width_px, box["height"] / PANEL.height_px
    picture.click(position={"x": x * scale_x, "y": y * scale_y})
    house.resident_sees("Pyyntö on perillä")


def test_a_remote_view_ends_with_the_page_and_both_ends_are_on_record(house: House, nurse: Page) -> None:
    """The strip is gone when nobody looks any more."""
    ended = house.desk_counts("devices.DeviceEvent", kind="remote-view-ended")
    looking(house, nurse)
    nurse.locator("[data-remote-view-stop]").click()
    eventually(lambda: house.screen.newest and house.screen.newest.watched == "", "nobody looks")
    eventually(
        lambda: house.desk_counts("devices.DeviceEvent", kind="remote-view-ended") > ended,
        "the end is on record",
    )
