"""What a board says is so: sound, other tabs, colleagues, moves and stock, each in real browsers (K3)."""

import csv
import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from cloud.calls import links, presence
from cloud.devices.models import Device
from cloud.help.models import HelpRequest
from cloud.people.models import Contact, Relation
from tests.cloud.homes import PASSWORD, Home, make_home, make_user
from tests.cloud.test_browser import home, opened, press, was_not_reloaded
from tests.link.waiting import eventually

__all__ = ["home"]
pytestmark = pytest.mark.requirement("K3")
Visit = Callable[[Home], Page]
PHONE_WIDTH = 390

KEEP_SOUND = """
const Real = AudioContext;
window.AudioContext = class extends Real { constructor() { super(); window.sound = this; } };
"""
KEEP_NOTES = """
window.notes = [];
Object.defineProperty(document, "hidden", { get: () => window.isBehind === true });
window.Notification = class {
  constructor(title, more) { window.notes.push([title, more.body]); }
  close() {}
};
Notification.permission = "granted";
window.locks = [];
const request = async (kind) => (window.locks.push(kind), {});
Object.defineProperty(navigator, "wakeLock", { value: { request } });
"""


def sounding(page: Page) -> Page:
    """The open board, with its sound on; the browser's sound can be taken away by ``window.sound``."""
    page.add_init_script(KEEP_SOUND)
    opened(page, "/help/")
    page.get_by_role("button", name="Switch the sound on").click()
    expect(page.locator("body")).to_have_attribute("data-sound", "running")
    return page


def test_a_sound_that_was_suspended_comes_back_by_itself(visit: Visit, home: Home) -> None:
    """A telephone call takes it away; when the browser allows it again nobody has to press anything."""
    page = sounding(visit(home))
    page.evaluate("sound.suspend()")
    expect(page.locator("body")).to_have_attribute("data-sound", "running")
    expect(page.locator("#sound-off")).to_be_hidden()


def test_a_sound_that_may_not_come_back_is_said_large_and_a_click_brings_it(visit: Visit, home: Home) -> None:
    """However often it is taken away."""
    page = sounding(visit(home))
    for _ in range(2):
        page.evaluate("sound.resume = () => Promise.reject(new Error('not now')); sound.suspend()")
        expect(page.locator("#sound-off")).to_contain_text("This board does not ring")
        page.evaluate("delete sound.resume")
        page.get_by_role("heading", name="Help board").click()
        expect(page.locator("#sound-off")).to_be_hidden()


def test_a_board_behind_another_window_notifies_and_keeps_the_screen_on(visit: Visit, home: Home) -> None:
    """Where the browser gives notifications and a wake lock."""
    page = visit(home)
    page.add_init_script(KEEP_NOTES)
    opened(page, "/help/")
    expect(page.locator("body")).to_have_attribute("data-awake", "1")
    assert page.evaluate("locks") == ["screen"]
    page.evaluate("window.isBehind = true")
    press(home)
    ((title, body),) = eventually(lambda: page.evaluate("notes"), "a notification")
    assert title == "Help board"
    assert body.startswith("(1) ")


def test_another_user_in_a_second_tab_ends_the_first_ones_steps_aloud(visit: Visit, home: Home) -> None:
    """Somebody else signs in on the same computer: the old tab's step is refused, and it says so."""
    press(home)
    first = opened(visit(home), "/help/")
    mikael = make_user(home.organisation, first_name="Mikael")
    second = first.context.new_page()
    second.goto("/help/")
    second.get_by_role("button", name="Sign out").click()
    second.get_by_label("User name").fill(mikael.username)
    second.get_by_label("Password").fill(PASSWORD)
    second.get_by_role("button", name="Sign in", exact=True).click()
    expect(second.get_by_role("heading", name="Help board")).to_be_visible()
    first.get_by_role("button", name="I will go").click()
    expect(first.locator("#refused")).to_contain_text("Nothing was changed")
    assert HelpRequest.objects.get().taken_at is None
    second.get_by_role("button", name="I will go").click()
    expect(second.get_by_text("Mikael is on the way")).to_be_visible()


def test_a_silent_board_is_loud_on_a_phone(visit: Visit, home: Home) -> None:
    """The strip is on the screen as it is, whole, and nothing is wider than the phone."""
    press(home)
    page = visit(home)
    page.set_viewport_size({"width": PHONE_WIDTH, "height": 844})
    page.clock.install()
    opened(page, "/help/")
    page.context.set_offline(True)

    def is_loud() -> bool:
        # The page's clock stands still between its steps, while a request fails in the browser's own time.
        page.clock.run_for(5_000)
        return page.locator("#no-ring").is_visible()

    eventually(is_loud, "the board is loud")
    expect(page.locator("#no-ring")).to_be_in_viewport()
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE_WIDTH
    for part in page.locator("#no-ring > :visible").all():
        box = part.bounding_box()
        assert box
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= PHONE_WIDTH


def test_who_goes_and_who_is_there_are_both_named_and_steps_are_undone(visit: Visit, home: Home) -> None:
    """One gives it back, the other goes; the first is there: both boards say so, and it is opened again."""
    press(home)
    mine = opened(visit(home), "/help/")
    home.user = make_user(home.organisation, first_name="Mikael")
    theirs = opened(visit(home), "/help/")
    mine.get_by_role("button", name="I will go").click()
    expect(theirs.get_by_role("button", name="I will go instead")).to_be_visible()
    mine.get_by_role("button", name="I cannot go after all").click()
    expect(theirs.get_by_role("button", name="I will go instead")).to_be_hidden()
    theirs.get_by_role("button", name="I will go").click()
    expect(mine.get_by_text("Mikael is on the way")).to_be_visible()
    mine.get_by_role("button", name="I am there").click()
    for page in (mine, theirs):
        expect(page.locator(".pill.good")).to_have_text("Lehmusnurse is there")
        assert was_not_reloaded(page)
    mine.get_by_role("link", name="Close").click()
    expect(mine.get_by_text("Mikael has taken this. Close it all the same?")).to_be_visible()
    mine.get_by_label("Helped").check()
    mine.get_by_role("button", name="Close").click()
    theirs.goto("/help/archive/")
    expect(theirs.get_by_text("Lehmus Virtanen").first).to_be_visible()
    mine.on("dialog", lambda dialog: dialog.accept())
    mine.get_by_role("button", name="Not over").click()
    expect(mine.locator("li.request")).to_have_count(1)
    expect(mine.get_by_text("Lehmusnurse is on the way")).to_be_visible()


def test_one_hands_over_to_another_and_the_archive_says_who_it_was(visit: Visit, home: Home) -> None:
    """Anna's request goes to Mikael on every board, a phone's too; afterwards it is found, and exported."""
    press(home)
    mine = opened(visit(home), "/help/")
    home.user = make_user(home.organisation, first_name="Mikael")
    theirs = visit(home)
    theirs.set_viewport_size({"width": PHONE_WIDTH, "height": 844})
    opened(theirs, "/help/")
    mine.get_by_role("button", name="I will go").click()
    theirs.on("dialog", lambda dialog: dialog.accept())
    theirs.get_by_role("button", name="I will go instead").click()
    for page in (mine, theirs):
        expect(page.get_by_text("Mikael is on the way")).to_be_visible()
        assert was_not_reloaded(page)
    assert theirs.evaluate("document.documentElement.scrollWidth") <= PHONE_WIDTH
    theirs.get_by_role("button", name="I am there").click()
    # A list that is just being replaced takes no click.
    expect(theirs.get_by_text("Mikael is there")).to_be_visible()
    theirs.get_by_role("link", name="Close").click()
    theirs.get_by_label("Helped").check()
    theirs.get_by_label("In words").fill("=1+1")
    theirs.get_by_role("button", name="Close").click()
    expect(mine.locator("li.request")).to_have_count(0)
    mine.goto("/help/archive/")
    for words, found in (("Virtanen", 1), ("Korhonen", 0)):
        box = mine.locator("main").get_by_role("searchbox")
        box.fill(words)
        box.press("Enter")
        expect(mine.locator("ul.rows > li")).to_have_count(found)
        with mine.expect_download() as export:
            mine.get_by_role("link", name="As a table (CSV)").click()
        text = export.value.path().read_text(encoding="utf-8-sig")
        rows = list(csv.DictReader(text.splitlines()))
        assert len(rows) == found
        if found:
            names = ("Resident", "Taken by", "There was", "Closed by", "How it ended", "In words")
            said = [rows[0][name] for name in names]
            assert said == ["Lehmus Virtanen", "Mikael", "Mikael", "Mikael", "Helped", "'=1+1"]


def test_help_from_stock_rings_and_says_so(visit: Visit, home: Home) -> None:
    """Pressed on a tablet that is nobody's yet: it is help all the same."""
    Device.objects.filter(pk=home.device.pk).update(use=Device.Use.IN_STOCK, resident=None)
    home.device.refresh_from_db()
    page = opened(visit(home), "/help/")
    press(home)
    expect(page.locator("li.request .pill.busy")).to_have_text("In stock")
    expect(page.get_by_role("button", name="I will go")).to_be_visible()
    expect(page.locator("body")).to_have_attribute("data-rang", re.compile(r"\d+"))


def test_help_of_a_moved_resident_is_on_the_new_homes_board(visit: Visit, home: Home) -> None:
    """The nurse moves the resident in the form: the request leaves this board and comes up on the other."""
    press(home)
    other = make_home("Toinen", home.organisation)
    HelpRequest.objects.filter(organisation=other.organisation).delete()
    there = opened(visit(other), "/help/")
    expect(there.locator("li.request")).to_have_count(0)
    page = visit(home)
    page.goto(f"/residents/{home.resident.pk}/")
    page.locator("#id_organisation").select_option(str(other.organisation.pk))
    page.locator("form:has(#id_organisation) button").first.click()
    expect(there.locator("li.request")).to_have_count(1)
    press(home)
    expect(there.get_by_role("button", name="I will go")).to_be_visible()


@pytest.mark.requirement("V1")
def test_two_who_edit_one_resident_see_what_differs(visit: Visit, home: Home) -> None:
    """The later save undoes nothing: it is shown what the earlier one was, and saved when it is meant."""
    mine, theirs = visit(home), visit(home)
    for page in (mine, theirs):
        page.goto(f"/residents/{home.resident.pk}/")
    for page, field, text in ((mine, "#id_first_name", "Aino-Maija"), (theirs, "#id_last_name", "Korhonen")):
        page.locator(field).fill(text)
        page.locator("form:has(#id_first_name) button").first.click()
    expect(theirs.get_by_text("Somebody else has changed this meanwhile")).to_be_visible()
    expect(theirs.get_by_text("Aino-Maija").first).to_be_visible()
    home.resident.refresh_from_db()
    assert (home.resident.first_name, home.resident.last_name) == ("Aino-Maija", "Virtanen")


@pytest.mark.requirement("V10")
def test_nobody_is_called_available_without_a_way_to_them(visit: Visit, home: Home) -> None:
    """Without a link, with one whose page is closed, and with an open page; on no list they are found."""
    Contact.objects.update(presence="available")
    pills = visit(home)
    pills.goto(f"/residents/{home.resident.pk}/people/")
    expect(pills.locator("ol.contacts .pill")).to_have_text("no link")
    link, _secret = links.make(home.contact, by=None, lifetime=timedelta(days=1))
    pills.reload()
    expect(pills.locator("ol.contacts .pill")).to_have_text("Away")
    presence.seen("p1", link)
    pills.reload()
    expect(pills.locator("ol.contacts .pill")).to_have_text("Available")
    Relation.objects.all().delete()
    pills.goto("/relatives/contacts/")
    expect(pills.get_by_text(str(home.contact)).first).to_be_visible()
