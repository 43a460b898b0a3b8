"""Calls from the caller's page in a real browser, through the real desk and broker."""

import re
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import Page, expect

from cloud.calls import own
from cloud.calls.models import Call, CallSettings
from cloud.calls.watch import CallWatch
from cloud.devices.documents import refresh
from cloud.devices.models import DesiredDocument, Device
from cloud.help.models import HelpRequest
from cloud.organisations.models import User
from cloud.people.models import CareSettings, Contact, Relation
from device.contract.events import (
    CallDeclined,
    CallEnded,
    CallPlaced,
    UrgentCallRequested,
)
from tests.calls.loops import running
from tests.calls.room import TONE_HZ, Room, hears_hz, sees_the_room
from tests.cloud.homes import make_user
from tests.link.waiting import eventually

ComeIn = Callable[..., Page]


@pytest.fixture
def watch(transactional_db: None) -> Iterator[None]:
    """The loop that looks after calls."""
    with running(CallWatch().run):
        yield


def state(page: Page, name: str) -> None:
    """Waits until the call on the page is in this state."""
    expect(page.locator("#call")).to_have_attribute("data-state", name)


def signed_in(user: User) -> Any:
    """What a browser keeps of somebody who has signed in to the desk."""
    client = Client()
    client.force_login(user)
    cookie = {"name": "sessionid", "value": client.cookies["sessionid"].value, "domain": "localhost"}
    return {"cookies": [{**cookie, "path": "/"}], "origins": []}


def talk(page: Page, room: Room) -> Any:
    """Calls, and is answered; the command that made it ring."""
    page.get_by_role("button", name="Call Aino Virtanen").click()
    ring = room.rings()
    room.answers(ring)
    room.is_connected(ring)
    state(page, "connected")
    return ring


def ended(call_id: str) -> Call:
    """Waits until the desk knows that the call is over."""
    eventually(lambda: Call.objects.filter(pk=call_id, state="ended").exists(), "the call has ended")
    return Call.objects.get(pk=call_id)


def test_a_daughter_calls_and_both_see_and_hear(come_in: ComeIn, secret: str, room: Room) -> None:
    """One press, one answer: pictures both ways, and the room's tone in her ear."""
    page = come_in(secret)
    expect(page.get_by_text("can be reached", exact=True)).to_be_visible()
    page.get_by_role("button", name="Call Aino Virtanen").click()
    ring = room.rings()
    assert (ring.name, ring.limit_min) == ("Leena Virtanen", 30)
    assert ring.offer.index("VP8") < ring.offer.index("H264") if "H264" in ring.offer else True
    state(page, "calling")
    room.answers(ring)
    sees_the_room(page)
    room.is_connected(ring)
    expect(page.get_by_text("You are talking with Aino Virtanen.")).to_be_visible()
    assert hears_hz(page) == pytest.approx(TONE_HZ, abs=12)
    assert room.hears_hz() > 0
    page.get_by_role("button", name="Hang up").click()
    assert room.wait_for_command("end-call", ring.call_id)["why"] == "hung-up"
    expect(page.locator("#call")).to_be_hidden()
    call = ended(ring.call_id)
    assert (call.why, call.kind) == ("caller", "ordinary")
    assert call.seconds > 0


@pytest.mark.requirement("V21")
@pytest.mark.parametrize(("limit_min", "is_near"), [(30, False), (1, True)])
def test_a_call_says_a_minute_before_that_it_ends(
    come_in: ComeIn, secret: str, room: Room, limit_min: int, *, is_near: bool
) -> None:
    """How long is left stands on the caller's page in its last minute, and nothing of it before."""
    CareSettings.objects.update(call_limit_min=limit_min)
    page = come_in(secret)
    ring = talk(page, room)
    expect(page.get_by_text("This call ends by itself in a minute.")).to_be_visible(visible=is_near)
    expect(page.get_by_text(re.compile(r"^0:[0-5]\d left$"))).to_be_visible(visible=is_near)
    page.get_by_role("button", name="Hang up").click()
    assert ended(ring.call_id).why == "caller"


def test_the_caller_learns_why_not(come_in: ComeIn, secret: str, room: Room) -> None:
    """A refusal is said on the page, and she can call again."""
    page = come_in(secret)
    page.get_by_role("button", name="Call Aino Virtanen").click()
    ring = room.rings()
    room.tablet.tell(CallDeclined(call_id=ring.call_id, why="help"))
    expect(page.get_by_text("has asked for help just now, and a nurse has been told")).to_be_visible()
    expect(page.locator("#call")).to_be_hidden()


def test_a_screen_that_leaves_is_seen_within_seconds(come_in: ComeIn, secret: str, room: Room) -> None:
    """The button goes and comes with the connection, by itself."""
    page = come_in(secret)
    button = page.get_by_role("button", name="Call Aino Virtanen")
    expect(button).to_be_enabled()
    room.tablet.appear(1, online=False)
    expect(page.get_by_text("cannot be reached now")).to_be_visible(timeout=5000)
    expect(button).to_be_disabled()
    room.tablet.appear(2)
    expect(button).to_be_enabled(timeout=5000)


@pytest.mark.requirement("V26")
def test_presence_reaches_the_screen(come_in: ComeIn, secret: str, room: Room, watch: None) -> None:
    """Open page: available; busy by hand; in a call: busy; page closed: away. Each within 5 s."""

    def shown(presence: str) -> None:
        def is_shown() -> bool:
            (people,) = DesiredDocument.objects.filter(name="people")
            return [contact["presence"] for contact in people.body["contacts"]] == [presence]

        eventually(is_shown, f"the document says {presence}", 5)

    refresh(Device.objects.get())
    shown("away")
    page = come_in(secret)
    shown("available")
    page.get_by_role("radio", name="Busy").click()
    shown("busy")
    page.get_by_role("radio", name="Available").click()
    shown("available")
    page.close()
    shown("away")


@pytest.mark.requirement("V11")
def test_the_resident_calls_and_she_answers(come_in: ComeIn, secret: str, room: Room, leena: Contact) -> None:
    """It rings on her page; one press, and both see each other."""
    page = come_in(secret)
    call_id = "resident-call-1"
    room.tablet.tell(CallPlaced(call_id=call_id, contact_ids=[str(leena.pk)]))
    expect(page.get_by_role("heading", name="Aino Virtanen calls you")).to_be_visible()
    expect(page.locator("body")).to_have_attribute("data-rang", re.compile(r"\d+"))
    expect(page).to_have_title(re.compile("Aino Virtanen calls you"))
    page.get_by_role("button", name="Answer").click()
    connect = room.rings("connect-call")
    assert (connect.call_id, connect.name) == (call_id, "Leena Virtanen")
    room.answers(connect)
    room.is_connected(connect)
    state(page, "connected")
    assert hears_hz(page) == pytest.approx(TONE_HZ, abs=12)
    room.tablet.tell(CallEnded(call_id=call_id, why="resident", seconds=2.0))
    expect(page.get_by_text("Aino Virtanen has hung up.")).to_be_visible()


def test_the_resident_hangs_up_while_it_rings(
    come_in: ComeIn, secret: str, room: Room, leena: Contact
) -> None:
    """The ringing stops by itself."""
    page = come_in(secret)
    room.tablet.tell(CallPlaced(call_id="c9", contact_ids=[str(leena.pk)]))
    expect(page.locator("#incoming")).to_be_visible()
    room.tablet.tell(CallEnded(call_id="c9", why="resident", seconds=0))
    expect(page.locator("#incoming")).to_be_hidden()


@pytest.mark.requirement("V11")
def test_an_urgent_wish_rings_at_the_officer(come_in: ComeIn, leena: Contact, room: Room) -> None:
    """In her own session. Taken at the page is taken on the board; after the call the wish is closed."""
    anna = make_user(leena.organisation, "Anna")
    officer = own.come_in(anna).contact
    CallSettings.objects.create(organisation=leena.organisation, duty_officer=officer)
    page = come_in("", storage_state=signed_in(anna))
    room.tablet.tell(UrgentCallRequested(request_id="w1"))
    expect(page.get_by_role("heading", name="Aino Virtanen asks for an urgent call")).to_be_visible()
    page.get_by_role("button", name="Answer").click()
    connect = room.rings("connect-call")
    assert connect.call_id == "w1"
    wish = HelpRequest.objects.get(help_id="w1")
    assert (wish.taken_name, wish.closed_at) == ("Anna", None)
    room.answers(connect)
    room.is_connected(connect)
    state(page, "connected")
    page.get_by_role("button", name="Hang up").click()
    ended("w1")
    assert HelpRequest.objects.get(help_id="w1").closed_at


@pytest.mark.requirement("V13", "K5")
def test_a_forced_call_needs_its_reason(come_in: ComeIn, secret: str, room: Room) -> None:
    """The page asks for it, the device receives it, and the caller sees that the resident may refuse."""
    CareSettings.objects.update(
        forced_by_relatives=True, consent_by="Aino", consent_on="2026-01-01",
        forced_from="00:00", forced_until="00:00",
    )  # fmt: skip
    Relation.objects.update(may_force_call=True)
    page = come_in(secret)
    page.get_by_role("button", name="Forced call").click()
    page.get_by_role("button", name="Call now").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    page.get_by_label("Reason").select_option("no-answer")
    page.get_by_label("In your own words").fill("She has not answered all morning")
    page.get_by_role("button", name="Call now").click()
    force = room.rings("forced-call")
    assert (force.reason, force.reason_text) == ("no-answer", "She has not answered all morning")
    expect(page.get_by_text("can still refuse")).to_be_visible()
    room.answers(force)
    room.is_connected(force)
    state(page, "connected")


def test_a_dead_browser_is_noticed(come_in: ComeIn, secret: str, room: Room, watch: None) -> None:
    """Nothing of the page says good-bye: the desk ends the call within 10 s all the same."""
    page = come_in(secret)
    ring = talk(page, room)
    # A process that is stopped says nothing and closes nothing.
    page.context.set_offline(True)
    died_at = time.monotonic()
    assert room.wait_for_command("end-call", ring.call_id)["why"] == "gone"
    assert time.monotonic() - died_at < 10
    assert ended(ring.call_id).why == "gone"


def test_a_network_that_changes_is_dialled_again(come_in: ComeIn, secret: str, room: Room) -> None:
    """Nobody touches anything: a new offer in place of the call that broke off, and they talk on."""
    page = come_in(secret)
    ring = talk(page, room)
    room.falls_silent()
    expect(page.get_by_text("The connection to Aino Virtanen broke off. Calling again …")).to_be_visible()
    again = room.is_dialled_again(ring.call_id)
    assert again.call_id != ring.call_id
    assert ended(ring.call_id).why == "gone"
    room.answers(again)
    room.is_connected(again)
    state(page, "connected")
    sees_the_room(page)
    page.get_by_role("button", name="Hang up").click()
    assert room.wait_for_command("end-call", again.call_id)["why"] == "hung-up"


def test_a_page_that_is_closed_hangs_up_at_once(come_in: ComeIn, secret: str, room: Room) -> None:
    """Without waiting for anybody to miss it."""
    page = come_in(secret)
    page.get_by_role("button", name="Call Aino Virtanen").click()
    ring = room.rings()
    page.goto("about:blank")
    assert room.wait_for_command("end-call", ring.call_id)["why"] == "hung-up"


@pytest.mark.requirement("V8")
def test_a_right_withdrawn_ends_the_call(come_in: ComeIn, secret: str, room: Room, leena: Contact) -> None:
    """The contact is locked during a call: the device is notified, and the page shows the sign-in."""
    from cloud.calls import ending

    page = come_in(secret)
    ring = talk(page, room)
    leena.locked = True
    leena.save()
    ending.withdraw_contact(leena)
    assert room.wait_for_command("end-call", ring.call_id)["why"] == "withdrawn"
    expect(page.get_by_text("Please open the personal link that you were given")).to_be_visible()


def test_without_a_camera_it_is_a_call_by_voice(come_in: ComeIn, secret: str, room: Room) -> None:
    """Audio works both ways and she sees the room; the page says what is missing."""
    page = come_in(secret)
    page.evaluate(
        """() => {
          const real = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
          navigator.mediaDevices.getUserMedia = async (wish) => {
            if (wish.video) throw new DOMException("none", "NotFoundError");
            return real(wish);
          };
        }"""
    )
    page.get_by_role("button", name="Call Aino Virtanen").click()
    ring = room.rings()
    expect(page.get_by_text("No camera can be used: you are heard, not seen.")).to_be_visible()
    room.answers(ring)
    sees_the_room(page)


def test_without_a_microphone_there_is_no_call(come_in: ComeIn, secret: str, room: Room) -> None:
    """The page says what to do, and nothing rings."""
    page = come_in(secret)
    page.evaluate("() => void (navigator.mediaDevices.getUserMedia = () => Promise.reject(Error('no')))")
    page.get_by_role("button", name="Call Aino Virtanen").click()
    expect(page.get_by_text("No microphone can be used")).to_be_visible()
    assert not Call.objects.exists()


def test_the_callers_page_fits_a_phone(come_in: ComeIn, secret: str, room: Room) -> None:
    """Nothing is wider than the phone, in the list and in a call."""
    page = come_in(secret, viewport={"width": 360, "height": 740})
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    talk(page, room)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    box = page.get_by_role("button", name="Hang up").bounding_box()
    assert box
    assert box["y"] + box["height"] <= 740
