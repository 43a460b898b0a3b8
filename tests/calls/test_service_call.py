"""An agent of customer service calls from the desk's page, in a real browser, real desk and broker."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, Page, expect

from cloud.calls import links
from cloud.calls.models import Call
from cloud.link.worker import Worker
from cloud.organisations.models import User
from cloud.people.models import Contact, Resident
from cloud.queue import agents, service
from cloud.queue.models import Queue, Visit
from cloud.screens.models import ResidentView
from device.contract.queue import QueueJoined, QueueVideoWanted
from tests.calls.room import TONE_HZ, Room, hears_hz, sees_the_room
from tests.cloud.homes import make_user
from tests.link.fixtures import DeskAddresses
from tests.link.waiting import eventually

PASSWORD = "sininen kuppi 77"


@pytest.fixture
def anna(resident: Resident, worker: Worker) -> User:
    """An agent at work in the only queue."""
    ResidentView.objects.update_or_create(resident=resident, defaults={"queue": True})
    queue = Queue(organisation=resident.organisation, name="Meals")
    queue.save()
    user = make_user(resident.organisation, "Anna")
    user.set_password(PASSWORD)
    user.save()
    agents.sign_in(user, "Anna", [queue])
    return user


@pytest.fixture
def desk(browser: Browser, desk_addresses: DeskAddresses, anna: User) -> Iterator[Page]:
    """Her page, in a browser with a camera and a microphone; errors of the page fail the test."""
    context = browser.new_context(base_url=desk_addresses.pages, locale="en", reduced_motion="reduce")
    context.set_default_timeout(15_000)
    page, wrong = context.new_page(), list[str]()
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.goto("/sign-in/")
    page.get_by_role("textbox").first.fill(anna.username)
    page.locator("input[type=password]").fill(PASSWORD)
    page.get_by_role("button").first.click()
    page.wait_for_url("**/help/")
    yield page
    context.close()
    assert not wrong


def joins(room: Room, way: str) -> None:
    """Join the queue as the resident."""
    queue = str(Queue.objects.get().pk)
    room.tablet.insist(QueueJoined(visit_id="v-1", queue_id=queue, way=way))  # type: ignore[arg-type]
    eventually(lambda: Visit.objects.filter(id="v-1").exists(), "the desk knows the visit")


@pytest.mark.requirement("Q5")
def test_text_is_raised_to_video_and_the_agent_hears_the_room(desk: Page, room: Room, anna: User) -> None:
    """Suggested, agreed, called without one more press; the room's tone is in her ear, and she hangs up."""
    joins(room, "text")
    visit = service.take_next(agents.agent_of(anna))  # type: ignore[arg-type]
    assert visit
    desk.goto(f"/queue/visits/{visit.pk}/")
    desk.get_by_role("button", name="Suggest to talk with picture").click()
    expect(desk.get_by_text("The customer is asked")).to_be_visible()
    room.tablet.insist(QueueVideoWanted(visit_id="v-1"))
    asked = room.rings("service-call")
    room.answers(asked)
    room.is_connected(asked)
    expect(desk.locator("#video")).to_have_attribute("data-state", "connected")
    sees_the_room(desk, "#customer")
    assert hears_hz(desk, "#customer") == pytest.approx(TONE_HZ, abs=12)
    assert room.hears_hz() > 0
    desk.get_by_role("button", name="Hang up").click()
    assert room.wait_for_command("end-call", asked.call_id)["why"] == "hung-up"
    expect(desk.get_by_role("button", name="Call with picture")).to_be_visible()
    assert Visit.objects.get().stage == "served"
    assert Call.objects.get(kind="service").seconds > 0
    assert not desk.locator("#text").count(), "video never falls back to text"


@pytest.mark.requirement("Q5")
@pytest.mark.requirement("Q10")
def test_a_relative_writes_and_talks_with_picture_in_two_browsers(
    desk: Page, browser: Browser, desk_addresses: DeskAddresses, anna: User, resident: Resident
) -> None:
    """From her call page: in line, answered by text, raised to picture, seen at both ends, and over."""
    leena = Contact.objects.create(
        organisation=resident.organisation, first_name="Leena", last_name="Virtanen"
    )
    secret = links.make(leena, by=None, lifetime=timedelta(days=1))[1]
    context = browser.new_context(base_url=desk_addresses.pages, locale="en", reduced_motion="reduce")
    context.set_default_timeout(15_000)
    page, wrong = context.new_page(), list[str]()
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.goto(links.address(secret))
    page.get_by_role("link", name="Customer service").click()
    page.get_by_role("button", name="Write").click()
    expect(page.get_by_role("heading", name="You are in line, place 1")).to_be_visible()
    visit = service.take_next(agents.agent_of(anna))  # type: ignore[arg-type]
    assert visit
    desk.goto(f"/queue/visits/{visit.pk}/")
    page.locator("#text").fill("When is lunch?")
    page.locator("#text").press("Enter")
    expect(desk.locator(".bubble.customer")).to_contain_text("When is lunch?")
    desk.locator("#text").fill("At noon.")
    desk.locator("#text").press("Enter")
    expect(page.locator(".bubble.agent")).to_contain_text("At noon.")
    desk.get_by_role("button", name="Suggest to talk with picture").click()
    page.get_by_role("button", name="Yes, with picture").click()
    page.get_by_role("button", name="Answer").click()
    sees_the_room(desk, "#customer")
    sees_the_room(page, "#agent")
    expect(desk.locator("#video")).to_have_attribute("data-state", "connected")
    assert hears_hz(desk, "#customer") > 0
    page.get_by_role("button", name="Hang up").click()
    expect(desk.get_by_text("Leena Virtanen has hung up.")).to_be_visible()
    page.once("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="Leave").click()
    eventually(lambda: Visit.objects.get().stage == "ended", "the visit is over")
    context.close()
    assert not wrong
