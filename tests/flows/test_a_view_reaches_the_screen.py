"""Story: a nurse changes what a resident's screen is made of."""

from datetime import UTC, datetime

import pytest
from PIL import ImageChops
from playwright.sync_api import Locator, Page, expect

from device.contract import topics
from device.contract.documents import View
from device.contract.wire import seal
from device.window_protocol.model import Home
from tests.flows.house import House
from tests.link.waiting import eventually

VIEW = topics.DESIRED["view"]


def sync_status(page: Page) -> Locator:
    return page.locator("#sync-status-view")


def switch(house: House, page: Page, element: str, *, on: bool) -> None:
    """Saves the view with one element shown or hidden."""
    page.goto(house.device_page())
    page.locator(f"#id_{element}").set_checked(on, force=True)
    with page.expect_response("**/view/"):
        page.locator("#save-view").click()


def elements_shown(house: House) -> set[str]:
    page = house.screen.newest.page if house.screen.newest else None
    assert isinstance(page, Home)
    return {name for name in Home.__struct_fields__ if getattr(page, name) is not None}


def version_on_screen(house: House) -> int:
    return int(house.desk_knows("devices.DesiredDocument", "painted_version", name="view")[0])


@pytest.mark.requirement("K1")
@pytest.mark.requirement("V1")
@pytest.mark.requirement("V2")
def test_a_switched_off_element_leaves_the_display_and_the_desk_says_since_when(
    house: House, nurse: Page
) -> None:
    """Saved at the desk, gone from the pixels, and reported: on screen since, and which version."""
    before, version = house.picture(), version_on_screen(house)
    switch(house, nurse, "clock", on=False)
    house.desk_knows("devices.DesiredDocument", name="view", painted_version__gt=version)
    assert house.screen.newest
    assert house.screen.newest.page.clock is None  # type: ignore[union-attr]
    changed = ImageChops.difference(before, house.picture()).getbbox()
    assert changed
    assert changed[2] - changed[0] > 100
    expect(sync_status(nurse)).to_contain_text(f"{version_on_screen(house)}")
    expect(sync_status(nurse)).to_have_class("painted")
    switch(house, nurse, "clock", on=True)
    eventually(lambda: house.screen.newest and house.screen.newest.page.clock, "the clock is back")  # type: ignore[union-attr]


@pytest.mark.requirement("K13")
def test_another_language_is_on_the_screen_in_seconds(house: House, nurse: Page) -> None:
    """Every word changes, without a restart."""
    starts = house.stack.tablet.window.starts
    for language, word in (("sv", "Hjälp"), ("da", "Hjælp"), ("en", "Help"), ("fi", "Apua")):
        nurse.goto(house.device_page())
        nurse.locator("#id_language").select_option(language)
        with nurse.expect_response("**/view/"):
            nurse.locator("#save-view").click()
        eventually(
            lambda word=word: house.screen.newest and house.screen.newest.help.words == word,  # type: ignore[misc,union-attr]
            f"help is called {word}",
        )
    assert house.stack.tablet.window.starts == starts


@pytest.mark.requirement("K1")
def test_a_bad_document_is_rejected_and_the_last_good_view_stays(house: House, nurse: Page) -> None:
    """The nurse reads which field is wrong; the resident sees nothing of it."""
    nurse.goto(house.device_page())
    before, version = elements_shown(house), version_on_screen(house)
    good = seal(View(version=version + 1000), VIEW.type, sent_at=datetime.now(UTC))
    with house.desks_voice() as say:
        say(VIEW, good.replace(b'"cafe":false', b'"cafe":"yes"'))
        expect(sync_status(nurse)).to_contain_text("elements.cafe")
        expect(sync_status(nurse)).to_contain_text("expected a boolean")
        for payload, reason in (
            (b'{"schema":1,', "not valid JSON"),
            (good.replace(b'"schema":1', b'"schema":7'), "unknown schema version 7"),
        ):
            say(VIEW, payload)
            expect(sync_status(nurse)).to_contain_text(reason)
    assert elements_shown(house) == before
    assert version_on_screen(house) == version
    # The desk's own next word mends it.
    switch(house, nurse, "mute", on=False)
    expect(sync_status(nurse)).to_have_class("painted")
    switch(house, nurse, "mute", on=True)


@pytest.mark.requirement("V2")
def test_while_the_tablet_is_away_the_desk_says_that_it_waits(house: House, nurse: Page) -> None:
    """Waiting for the device, then painted as soon as it is back."""
    house.stack.tablet.core.stop()
    house.desk_knows("devices.Device", id=house.stack.tablet.device, online=False)
    switch(house, nurse, "date", on=False)
    expect(sync_status(nurse)).not_to_have_class("painted")
    house.stack.tablet.core.start()
    expect(sync_status(nurse)).to_have_class("painted")
    switch(house, nurse, "date", on=True)
    expect(sync_status(nurse)).to_have_class("painted")
