"""A resident calls a relative, who answers in Chromium (V10, V26)."""

import time

from PIL import Image, ImageChops
from playwright.sync_api import Page, expect, sync_playwright

from device.contract.documents import People
from device.rules.state import Navigation
from device.window_protocol.intents import Intent, OpenPerson, PlaceCall
from tests.flows.resident_screen import is_drawn
from tests.media.caller import CHROMIUM, FEW_PICTURES, FLAGS
from tests.vm.finger import middle_of, stays_so, tap_until
from tests.vm.home import is_home
from tests.vm.host import Host
from tests.vm.installer import PANEL
from tests.vm.machine import Machine
from tests.vm.resident_pages import box_of, page_of
from tests.vm.waiting import LOOK_S, NotSeen, say, wait

PATIENCE_MS = 600_000
# The caller's pictures fill most of the display, and something moves in each.
MOVING_PX = 120
WATCHED_S = 60.0
MOVES = 4
ATTEMPTS = 3
CONNECTED_WITHIN_S, SEEN_WITHIN_S = 60.0, 180.0


def first_call(host: Host, machine: Machine) -> dict[str, float]:
    """From a tap on a face to moving pictures at the resident's; the relative hangs up."""
    host.close_help()
    link = host.add_relative()
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=[*FLAGS, FEW_PICTURES])
        context = browser.new_context(
            locale="en", permissions=["camera", "microphone"], reduced_motion="reduce"
        )
        context.set_default_timeout(PATIENCE_MS)
        found = _call(host, machine, context.new_page(), link)
        browser.close()
    return found


def _call(host: Host, machine: Machine, page: Page, link: str) -> dict[str, float]:
    """Several attempts: an emulator that stands still for ten seconds has lost its call."""
    page.goto(link)
    for attempt in range(1, ATTEMPTS + 1):
        rang_s = _rings(host, machine, page)
        answered_s = time.monotonic()
        page.get_by_role("button", name="Answer").click()
        try:
            wait(host.is_talking, "the desk knows that they talk", CONNECTED_WITHIN_S)
            connected_s = time.monotonic() - answered_s
            wait(lambda: _moves(machine), "the relative's moving picture is on the display", SEEN_WITHIN_S)
        except NotSeen as missing:
            say(f"call {attempt} of {ATTEMPTS}: {missing}")
            continue
        seen_s = time.monotonic() - answered_s
        expect(page.get_by_text("You are talking with Eino Aalto.")).to_be_visible()
        page.get_by_role("button", name="Hang up").click()
        wait(lambda: not host.is_talking(), "the call is over")
        wait(lambda: is_home(machine.picture()), "the resident's page after the call")
        say(f"the browser rang after {rang_s:.0f} s, connected {connected_s:.0f} s after the answer")
        return {
            "call_attempts": attempt,
            "call_rang_s": round(rang_s, 1),
            "call_connected_s": round(connected_s, 1),
            "call_picture_seen_s": round(seen_s, 1),
        }
    raise NotSeen("a call with a moving picture")


def _rings(host: Host, machine: Machine, page: Page) -> float:
    """The seconds from the first tap until the relative's browser rings."""
    expect(page.get_by_role("button", name="Call Eino Aalto")).to_be_enabled()
    wait(lambda: host.has_painted("people"), "the resident sees who can be called")
    began_s = time.monotonic()
    people = host.documents()["people"]
    assert isinstance(people, People)
    contact_id = people.contacts[0].id
    _taps(host, machine, OpenPerson(contact_id), Navigation())
    _taps(host, machine, PlaceCall(contact_id), Navigation(page="person", contact_id=contact_id))
    expect(page.get_by_role("heading", name="Eino Aalto calls you")).to_be_visible()
    return time.monotonic() - began_s


def _taps(host: Host, machine: Machine, intent: Intent, at: Navigation) -> None:
    """A finger on the button that does this; again where the page is still there."""

    def is_there() -> bool:
        return is_drawn(page_of(host.documents(), at), PANEL, machine.picture())

    wait(is_there, f"the page with {intent!r}")
    place = middle_of(box_of(page_of(host.documents(), at), intent))
    tap_until(machine, place, lambda: stays_so(lambda: not is_there()), f"the page after {intent!r}")


def _moves(machine: Machine) -> bool:
    """Whether a large area of the display changes again and again: an emulator paints few of the pictures."""
    before, changes = machine.picture(), 0
    until_s = time.monotonic() + WATCHED_S
    while changes < MOVES and time.monotonic() < until_s:
        time.sleep(LOOK_S)
        before, then = machine.picture(), before
        changes += _is_large(ImageChops.difference(then, before))
    return changes == MOVES


def _is_large(difference: Image.Image) -> bool:
    box = difference.getbbox()
    return box is not None and box[2] - box[0] > MOVING_PX and box[3] - box[1] > MOVING_PX
