"""Story: a resident asks for help, and somebody comes."""

import signal

import pytest
from playwright.sync_api import Page, expect

from device.screen.intents import PressHelp
from tests.flows.house import House
from tests.link.waiting import eventually

OPEN = "help_helprequest"


@pytest.mark.requirement("K3")
def test_a_press_on_the_screen_comes_back_as_a_name(house: House, nurse: Page) -> None:
    """Pressed on the display, seen on the board without a reload, taken, and the screen says who comes."""
    house.resident_taps(PressHelp())
    house.resident_sees("Avunpyyntösi on perillä")
    house.goes(nurse)
    house.resident_sees("Anna on tulossa luoksesi")
    nurse.locator("button[id^='arrive-']").click()
    house.resident_sees("Anna on luonasi")
    nurse.locator("button[id^='close-']").click()
    house.resident_sees("Avunpyyntö on päättynyt")


@pytest.mark.requirement("K3")
def test_every_step_is_heard_and_shines(house: House, nurse: Page) -> None:
    """Who cannot read the screen hears the same words, and sees from the bed how help is doing."""
    lamps, sounds = len(house.history("lights")), len(house.history("speaker"))
    house.press_the_wall_button()
    house.resident_sees("Avunpyyntösi on perillä")
    house.goes(nurse)
    house.resident_sees("Anna on tulossa luoksesi")
    nurse.locator("button[id^='arrive-']").click()
    house.resident_sees("Anna on luonasi")
    nurse.locator("button[id^='close-']").click()
    house.resident_sees("Avunpyyntö on päättynyt")
    heard = house.history("speaker")[sounds:]
    assert ["play", "help"] in heard
    said = [entry[1].split(".")[0] for entry in heard if entry[0] == "say"]
    assert said == [
        "Apua kutsutaan",
        "Avunpyyntösi on perillä",
        "Anna on tulossa luoksesi",
        "Anna on luonasi",
        "Avunpyyntö on päättynyt",
    ]
    patterns = [entry[2] for entry in house.history("lights")[lamps:] if entry[1] == "help"]
    assert patterns == ["blinking", "breathing", "on", "off"]


@pytest.mark.requirement("K3")
def test_the_wall_button_works_while_the_window_is_dead(house: House, nurse: Page) -> None:
    """Help gets out, and the screen comes back with it."""
    house.stack.tablet.window.stop(signal.SIGKILL)
    house.press_the_wall_button()
    expect(nurse.locator("button[id^='take-']")).to_be_visible()
    house.stack.tablet.window.start()
    lost = "select count(*) from devices_deviceevent where kind = ?"
    house.desk_knows(lost, "screen-lost")
    house.desk_knows(lost, "screen-restored")
    house.goes(nurse)
    house.resident_sees("Anna on tulossa luoksesi")


@pytest.mark.requirement("K3")
@pytest.mark.requirement("K4")
def test_without_a_broker_the_screen_is_truthful_and_one_request_arrives_later(
    house: House, nurse: Page
) -> None:
    """Desk gone too: it says that it has not got through, keeps trying, and delivers exactly one."""
    before = house.desk_counts(OPEN)
    house.stack.broker.stop(signal.SIGKILL)
    house.stack.desk.pages.stop(signal.SIGKILL)
    house.resident_sees("Ei yhteyttä")
    house.press_the_wall_button()
    house.press_the_wall_button()
    house.resident_sees("Avunpyyntö ei ole vielä mennyt perille")
    assert house.desk_counts(OPEN) == before
    house.stack.start_broker()
    house.stack.desk.pages.start()
    house.resident_sees("Avunpyyntösi on perillä", timeout_s=30)
    house.stack.desk.wait()
    nurse.reload()
    expect(nurse.locator("button[id^='take-']")).to_have_count(1)
    assert house.desk_counts(OPEN) == before + 1


@pytest.mark.requirement("K3")
def test_a_power_cut_right_after_the_press_loses_nothing(house: House, nurse: Page) -> None:
    """Killed with -9 before it could be sent: it is sent after the restart, once."""
    before = house.desk_counts(OPEN)
    house.stack.broker.stop(signal.SIGKILL)
    house.stack.desk.pages.stop(signal.SIGKILL)
    house.resident_sees("Ei yhteyttä")
    house.press_the_wall_button()
    house.stack.tablet.core.kill()
    eventually(lambda: house.screen.newest is None, "the core is dead")
    house.resident_sees("Avunpyyntö ei ole vielä mennyt perille")
    house.stack.start_broker()
    house.stack.desk.pages.start()
    house.resident_sees("Avunpyyntösi on perillä", timeout_s=30)
    assert house.desk_counts(OPEN) == before + 1
    house.stack.desk.wait()
    house.nobody_waits(nurse)


@pytest.mark.requirement("K3")
def test_with_the_broker_dead_help_gets_through_by_https(house: House, nurse: Page) -> None:
    """Pressed while MQTT is gone: on the board within ten seconds, the name comes back, and it stays one."""
    before = house.desk_counts(OPEN)
    house.stack.broker.stop(signal.SIGKILL)
    house.resident_sees("Ei yhteyttä")
    house.press_the_wall_button()
    house.resident_sees("Avunpyyntösi on perillä", timeout_s=10)
    house.goes(nurse)
    house.resident_sees("Anna on tulossa luoksesi", timeout_s=20)
    house.stack.start_broker()
    eventually(lambda: house.screen.newest and house.screen.newest.notice == "", "the link is back", 30)
    nurse.locator("button[id^='arrive-']").click()
    house.resident_sees("Anna on luonasi")
    assert house.desk_counts(OPEN) == before + 1
