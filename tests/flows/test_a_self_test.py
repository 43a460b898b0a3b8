"""Story: a nurse lets a device test itself, and reads what it found."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.device.core_process import ask_hardware
from tests.flows.house import House
from tests.link.waiting import eventually

pytestmark = pytest.mark.requirement("K8")


def newest_result(house: House) -> dict[str, Any]:
    """The newest self-test that the desk has."""
    (body,) = house.desk_knows("devices.DeviceEvent", "body", kind="self-tested", order=["-sequence"])
    found: dict[str, Any] = body["what"]
    return found


def press_test_now(house: House, nurse: Page) -> None:
    """She presses the button on the page of the device."""
    nurse.goto(house.device_page())
    nurse.locator("form[action$='/self-test/'] button").click()


def test_a_device_that_is_well_says_so_and_one_with_a_muted_microphone_too(house: House, nurse: Page) -> None:
    """A real command, a tone, a microphone, an event: and the fault ends with the next test."""
    control = house.stack.tablet.sim_socket
    press_test_now(house, nurse)
    expect(nurse.locator("#self-test")).to_contain_text("tehty", timeout=60_000)
    assert newest_result(house)["passed"]
    assert ["loop", "self-test"] in house.history("speaker")
    ask_hardware(control, mute=True)
    try:
        press_test_now(house, nurse)
        eventually(lambda: "the tone was not heard" in str(newest_result(house)), "the fault is reported")
        nurse.goto(f"{house.stack.desk.url}/health/")
        expect(nurse.locator(".faults")).to_contain_text("mikrofoni")
    finally:
        ask_hardware(control, mute=False)
    press_test_now(house, nurse)
    eventually(lambda: newest_result(house)["passed"], "it is well again")
