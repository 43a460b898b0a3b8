"""Story: a resident asks for help, and somebody comes."""

import signal

import pytest
from playwright.sync_api import Page, expect

from device.window_protocol.intents import PressHelp
from tests.flows.house import House
from tests.link.waiting import eventually

REQUESTS = "help.HelpRequest"
LEENA = "+358401000001"


@pytest.mark.requirement("K3")
def test_a_press_on_the_screen_comes_back_as_a_name(house: House, nurse: Page) -> None:
    """Pressed on the display, seen on the board without a reload, taken, and the screen says who comes."""
    house.resident_taps(PressHelp())
    house.resident_sees("Pyyntö on perillä")
    house.goes(nurse)
    house.resident_sees("Anna on tulossa luoksesi")
    nurse.locator("button[id^='arrive-']").click()
    house.resident_sees("Anna on luonasi")
    house.closes(nurse)
    house.resident_sees("Avunpyyntö on päättynyt")


@pytest.mark.requirement("K3")
def test_every_step_is_heard_and_shines(house: House, nurse: Page) -> None:
    """The same words are spoken for residents who cannot read, and lamps show the state from the bed."""
    lamps, sounds = len(house.history("lights")), len(house.history("speaker"))
    house.press_the_wall_button()
    house.resident_sees("Pyyntö on perillä")
    house.goes(nurse)
    house.resident_sees("Anna on tulossa luoksesi")
    nurse.locator("button[id^='arrive-']").click()
    house.resident_sees("Anna on luonasi")
    house.closes(nurse)
    house.resident_sees("Avunpyyntö on päättynyt")
    expected = [
        "Apua kutsutaan",
        "Avunpyyntösi on perillä",
        "Anna on tulossa luoksesi",
        "Anna on luonasi",
        "Avunpyyntö on päättynyt",
    ]

    def said() -> list[str]:
        heard = house.history("speaker")[sounds:]
        return [entry[1].split(".")[0] for entry in heard if entry[0] == "say"]

    def shone() -> list[str]:
        return [entry[2] for entry in house.history("lights")[lamps:] if entry[1] == "help"]

    # What is promised is seen an instant before it is heard.
    eventually(lambda: len(said()) >= len(expected) and len(shone()) >= 4, "all is said and shown")
    assert said() == expected
    assert shone() == ["blinking", "breathing", "on", "off"]
    assert ["play", "help"] in house.history("speaker")[sounds:]


@pytest.mark.requirement("K3")
def test_the_wall_button_works_while_the_window_is_dead(house: House, nurse: Page) -> None:
    """Help gets out, and the screen comes back with it."""
    house.stack.tablet.window.stop(signal.SIGKILL)
    house.press_the_wall_button()
    expect(nurse.locator("button[id^='take-']")).to_be_visible()
    house.stack.tablet.window.start()
    house.desk_knows("devices.DeviceEvent", kind="screen-lost")
    house.desk_knows("devices.DeviceEvent", kind="screen-restored")
    house.goes(nurse)
    house.resident_sees("Anna on tulossa luoksesi")


@pytest.mark.requirement("K3")
@pytest.mark.requirement("K4")
def test_without_a_broker_the_screen_is_truthful_and_one_request_arrives_later(
    house: House, nurse: Page
) -> None:
    """Desk gone too: it says that it has not got through, keeps trying, and delivers exactly one."""
    before = house.desk_counts(REQUESTS)
    house.hardware(unplug="modem")
    with house.cut_off():
        house.press_the_wall_button()
        house.press_the_wall_button()
        house.resident_sees("Avunpyyntö ei ole vielä mennyt perille")
        assert house.desk_counts(REQUESTS) == before
    house.resident_sees("Pyyntö on perillä", timeout_s=60)
    house.hardware(plug="modem")
    nurse.reload()
    expect(nurse.locator("button[id^='take-']")).to_have_count(1)
    assert house.desk_counts(REQUESTS) == before + 1


@pytest.mark.requirement("K3")
def test_a_power_cut_right_after_the_press_loses_nothing(house: House, nurse: Page) -> None:
    """Killed with -9 before it could be sent: a text message after the restart, and the desk has it once."""
    before = house.desk_counts(REQUESTS)
    with house.cut_off():
        house.hardware(network="silent")
        house.press_the_wall_button()
        house.stack.tablet.core.kill()
        eventually(lambda: house.screen.newest is None, "the core is dead")
        house.resident_sees("Leena Virtanen on saanut tekstiviestin")
        assert [number for number, _ in house.texts()] == [LEENA]
    house.resident_sees("Pyyntö on perillä", timeout_s=60)
    assert house.desk_counts(REQUESTS) == before + 1
    house.nobody_waits(nurse)


@pytest.mark.requirement("K3")
@pytest.mark.requirement("S3")
def test_with_no_internet_anywhere_a_text_message_comes_back_as_a_name(house: House, nurse: Page) -> None:
    """A contact answers with the code word, the screen says who comes, and later the desk reads all of it."""
    before = house.desk_counts(REQUESTS)
    with house.cut_off():
        house.press_the_wall_button()
        house.resident_sees("Leena Virtanen on saanut tekstiviestin")
        house.hardware(sms_in={"number": "+358409999999", "text": "TULEN 11"})
        house.answers(LEENA, "Kuka siellä?")
        assert not house.screen.says("Leena Virtanen on tulossa")
        eventually(lambda: "vastaa täsmälleen näin" in house.texts()[-1][1], "Leena is sent how to answer")
        house.answers(LEENA, "tulen {code}, 10 min")
        house.resident_sees("Leena Virtanen on tulossa luoksesi")
        assert "Ruutu kertoo nyt" in house.texts()[-1][1]
        house.stack.tablet.core.kill()
        eventually(lambda: house.screen.newest is None, "the core is dead")
        house.resident_sees("Leena Virtanen on tulossa luoksesi")
    expect(nurse.get_by_text("Leena Virtanen on tulossa")).to_be_visible(timeout=60_000)
    expect(nurse.get_by_text("Leena Virtanen: laitteen tekstiviesti on perillä.").first).to_be_visible()
    assert house.desk_counts(REQUESTS) == before + 1
    assert house.desk_counts("devices.DeviceEvent", kind="help-taken-by-sms") == 1
    house.nobody_waits(nurse)
    house.resident_sees("page=Home(")


@pytest.mark.requirement("K3")
def test_with_the_broker_dead_help_gets_through_by_https(house: House, nurse: Page) -> None:
    """Pressed while MQTT is gone: on the board within ten seconds, the name comes back, and it stays one."""
    before = house.desk_counts(REQUESTS)
    house.stack.broker.stop(signal.SIGKILL)
    house.resident_sees("Ei yhteyttä")
    house.press_the_wall_button()
    house.resident_sees("Pyyntö on perillä", timeout_s=10)
    house.goes(nurse)
    house.resident_sees("Anna on tulossa luoksesi", timeout_s=20)
    house.stack.start_broker()
    eventually(lambda: house.screen.newest and house.screen.newest.notice == "", "the link is back", 30)
    nurse.locator("button[id^='arrive-']").click()
    house.resident_sees("Anna on luonasi")
    assert house.desk_counts(REQUESTS) == before + 1
