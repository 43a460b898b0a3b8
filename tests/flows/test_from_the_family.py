"""Stories: a relative's picture is answered with hearts; an ill performer's appointments are cancelled."""

import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from device.window_protocol.intents import AnswerMessage, OpenPage
from device.window_protocol.model import MessagePage
from tests.flows.house import House
from tests.flows.test_messages_of_a_day import noon, on_screen, tell_desk
from tests.link.waiting import eventually

MAGENTA = (200, 0, 200)
BEGIN = """
ResidentView.objects.filter(resident=resident).update(time_zone="{zone}")
Appointment.objects.create(
    resident=resident, title="Jalkahoito", starts="{day}T17:00", performer="Maija Meikäläinen"
)
refresh_resident(resident)
"""
END = """
ResidentView.objects.filter(resident=resident).update(time_zone="Europe/Helsinki")
Appointment.objects.filter(title="Jalkahoito").delete()
refresh_resident(resident)
"""


@pytest.fixture(scope="module")
def today(house: House) -> Iterator[str]:
    """It is noon, whenever the story runs: messages are shown. The day, with an appointment at five."""
    zone = noon()
    day = f"{datetime.now(ZoneInfo(zone)):%Y-%m-%d}"
    house.do(OpenPage("home"))
    tell_desk(house, BEGIN.format(zone=zone, day=day))
    yield day
    tell_desk(house, END)


@pytest.fixture
def phone(house: House, browser: Browser) -> Iterator[Page]:
    """The daughter's phone, at her own page."""
    context = browser.new_context(
        locale="en", viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True
    )
    page = context.new_page()
    page.goto(house.links["Leena Virtanen"])
    expect(page.get_by_role("button", name="Call Aino Virtanen")).to_be_visible()
    yield page
    context.close()


def of_colour(house: House, colour: tuple[int, int, int]) -> int:
    """How many pixels of the display, made small, have about this colour."""
    pixels = house.picture().convert("RGB").resize((200, 125)).tobytes()
    each = zip(pixels[::3], pixels[1::3], pixels[2::3], strict=True)
    return sum(max(abs(a - b) for a, b in zip(pixel, colour, strict=True)) < 12 for pixel in each)


@pytest.mark.requirement("K19")
def test_a_picture_from_a_phone_and_hearts_back(
    house: House, today: str, phone: Page, tmp_path: Path
) -> None:
    """Sent by a thumb, seen on the display itself, answered by a finger, and the daughter sees the hearts."""
    photo = tmp_path / "photo.jpg"
    Image.new("RGB", (1600, 1200), MAGENTA).save(photo)
    phone.goto(f"{house.stack.desk.url}/call/pictures/")
    phone.locator("#id_words").fill("Terveisiä mökiltä")
    phone.locator("input[type=file]").set_input_files(photo)
    phone.get_by_role("button", name="Send", exact=True).tap()
    expect(phone.get_by_text("It is on its way to the screen.")).to_be_visible()
    message = on_screen(house)
    house.resident_sees("Terveisiä mökiltä")
    house.resident_sees("Leena lähetti sinulle kuvan")
    eventually(lambda: of_colour(house, MAGENTA) > 1_000, "the picture is on the display")
    house.resident_taps(AnswerMessage(str(message), "three-hearts"))
    house.desk_knows("resident_messages.Message", id=message, hearts=3)
    phone.reload()
    expect(phone.get_by_role("listitem").filter(has_text="Terveisiä mökiltä")).to_contain_text("❤❤❤")
    eventually(lambda: not has_message(house), "the page is over once it is answered")


@pytest.mark.requirement("M1")
def test_a_performer_who_is_ill_is_cancelled_and_told_in_one_step(
    house: House, nurse: Page, today: str
) -> None:
    """The day and the name give the list; one button writes to each and takes the time off their screens."""
    house.do(OpenPage("today"))
    house.resident_sees("Jalkahoito")
    nurse.goto(f"{house.stack.desk.url}/messages/group/")
    nurse.locator("#day").fill(today)
    nurse.locator("#performer").fill("maija")
    nurse.locator("form[method=get] button").click()
    expect(nurse.locator("input[name=booked]")).to_have_count(1)
    nurse.locator("#id_title").fill("Peruttu")
    nurse.locator("#id_body").fill("{first_name}, {performer} on sairaana.")
    nurse.locator("#id_cancels").check()
    nurse.locator("form[method=post]:has(#id_title) button").click()
    nurse.wait_for_url(re.compile("/messages/(?!group)"))
    message = on_screen(house)
    house.resident_sees("Aino, Maija Meikäläinen on sairaana.")
    house.resident_taps(AnswerMessage(str(message), "ok"))
    house.desk_knows("resident_messages.Message", id=message, state="read")
    house.do(OpenPage("today"))
    eventually(lambda: house.screen.says("page=TodayPage("), "the page of the day")
    eventually(lambda: not house.screen.says("Jalkahoito"), "the time is off the screen")
    house.do(OpenPage("home"))


def has_message(house: House) -> bool:
    """Whether a message has the screen."""
    return house.screen.newest is not None and isinstance(house.screen.newest.page, MessagePage)
