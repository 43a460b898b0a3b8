"""From an empty desk to a family: a resident, a relative who applies, and her phone that rings (V18, K15)."""

import io
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core import mail
from django.core.management import call_command
from playwright.sync_api import Browser, BrowserContext, Page, expect

from cloud.calls.models import Call
from cloud.link.worker import Worker
from cloud.organisations.models import Organisation
from cloud.people.models import Contact
from cloud.push.models import PushMessage
from device.contract.events import CallPlaced
from tests.calls.conftest import PATIENCE_MS
from tests.calls.pocket import let_ring
from tests.calls.room import Room
from tests.cloud.mail_channel import post_mail
from tests.cloud.push_service import PushService
from tests.link.fixtures import DeskAddresses, EnrolDevice
from tests.link.tablet import Tablet
from tests.link.waiting import eventually

pytestmark = [
    pytest.mark.requirement("K15"), pytest.mark.requirement("V7"), pytest.mark.requirement("V18"),
]  # fmt: skip

PASSWORDS = {"anna": "Kahvi ja pulla 4!", "niina": "Sininen kuppi 77?"}


@pytest.fixture
def person(desk_addresses: DeskAddresses, browser: Browser) -> Iterator[Callable[..., Page]]:
    """Each time somebody else's browser."""
    contexts: list[BrowserContext] = []

    def sit_down(**options: Any) -> Page:
        context = browser.new_context(
            base_url=desk_addresses.pages, locale="en", reduced_motion="reduce", **options
        )
        context.set_default_timeout(PATIENCE_MS)
        contexts.append(context)
        return context.new_page()

    yield sit_down
    for context in contexts:
        context.close()


def sign_in(page: Page, name: str, password: str) -> None:
    page.goto("/sign-in/")
    page.get_by_label("User name").fill(name)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in", exact=True).click()


def letter_to(address: str, link: str) -> str:
    """The link in the newest letter to this address, once the desk has sent what waits."""
    post_mail()
    letter = next(each for each in reversed(mail.outbox) if each.to == [address])
    found = re.search(rf"http\S+{link}\S+", str(letter.body))
    assert found
    return found[0]


def invites_a_nurse(anna: Page, niina: Page) -> None:
    """The administrator invites a team lead, who chooses a password by the link in her letter."""
    anna.goto("/users/new/")
    anna.get_by_label("First name").fill("Niina")
    anna.get_by_label("Last name").fill("Laine")
    anna.get_by_label("E-mail address").fill("niina@example.org")
    anna.locator("main").get_by_label("Language").select_option("en")
    anna.get_by_label("role", exact=True).select_option(label="Team lead")
    anna.get_by_role("button", name="Invite").click()
    expect(anna.get_by_text("is on its way to")).to_be_visible()
    niina.goto(letter_to("niina@example.org", "/welcome/"))
    niina.get_by_label("New password", exact=True).fill(PASSWORDS["niina"])
    niina.get_by_label("New password confirmation").fill(PASSWORDS["niina"])
    niina.get_by_role("button", name="Save").click()
    sign_in(niina, "niina@example.org", PASSWORDS["niina"])


def adds_the_resident(niina: Page, device: str) -> None:
    """The nurse adds Aino and gives her the device from stock."""
    niina.goto("/residents/new/")
    niina.get_by_label("First name").fill("Aino")
    niina.get_by_label("Last name").fill("Virtanen")
    niina.get_by_role("button", name="Save").click()
    expect(niina.get_by_role("heading", name="Aino Virtanen")).to_be_visible()
    niina.goto(f"/devices/{device}/")
    niina.get_by_label("Resident", exact=True).select_option(label="Aino Virtanen")
    niina.get_by_label("Use").select_option(label="In use")
    niina.locator("form", has=niina.get_by_role("heading", name="This device")).get_by_role(
        "button", name="Save"
    ).click()
    expect(niina.get_by_role("heading", name="Aino Virtanen")).to_be_visible()


def applies(niina: Page, leena: Page, organisation: Organisation) -> str:
    """A link is made, Leena fills in the form on her phone, and is approved; the link in her letter."""
    niina.goto(f"/relatives/registration/{organisation.pk}/")
    niina.get_by_role("button", name="Make a link").click()
    leena.goto(niina.get_by_label("Registration link", exact=True).input_value())
    leena.get_by_label("first name").fill("Leena")
    leena.get_by_label("last name").fill("Virtanen")
    leena.get_by_label("e-mail address").fill("leena@example.org")
    leena.get_by_label("who do you want to call?").fill("Aino Virtanen")
    leena.get_by_label("what are you to them?").fill("daughter")
    leena.get_by_role("checkbox").check()
    leena.get_by_role("button", name="Apply").click()
    expect(leena).to_have_url(re.compile("/thanks/"))
    niina.goto("/relatives/applications/")
    niina.get_by_role("link", name="Leena Virtanen").click()
    niina.get_by_role("checkbox", name="Aino Virtanen").check()
    niina.get_by_role("button", name="Approve").click()
    eventually(lambda: Contact.objects.filter(first_name="Leena").exists(), "she is approved")
    return letter_to("leena@example.org", "/call/#")


def test_from_an_empty_desk_to_a_phone_that_rings(
    person: Callable[..., Page],
    browser: Browser,
    worker: Worker,
    desk_addresses: DeskAddresses,
    enrol_device: EnrolDevice,
    connect: Callable[..., Tablet],
    organisation: Organisation,
    service: PushService,
    phones_ring: None,
    settings: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Everything by the pages and letters alone; in the end the resident's call is answered on a phone."""
    settings.DESK_ADDRESS = desk_addresses.pages
    monkeypatch.setattr("sys.stdin", io.StringIO(PASSWORDS["anna"] + "\n"))
    call_command("add_user", "anna", first_name="Anna", organisation=organisation.name, language="en")
    anna, niina = person(), person()
    sign_in(anna, "anna", PASSWORDS["anna"])
    invites_a_nurse(anna, niina)
    in_stock = enrol_device()
    tablet = connect(in_stock)
    adds_the_resident(niina, in_stock.id)

    phone = person(permissions=["notifications", "camera", "microphone"])
    phone.goto(applies(niina, phone, organisation))
    expect(phone.locator("#people")).to_contain_text("Aino Virtanen")
    pocket = let_ring(phone, service, desk_addresses.pages)

    room = Room(browser.new_page(), tablet)
    tablet.appear()
    leena = Contact.objects.get(first_name="Leena")
    tablet.tell(CallPlaced(call_id="r1", contact_ids=[str(leena.pk)]))
    eventually(lambda: bool(service.messages), "the push service was asked")
    pocket.wakes(service.messages[0])
    eventually(lambda: PushMessage.objects.filter(state="heard").exists(), "the phone says that it rings")
    (notification,) = pocket.notifications()
    assert notification["title"] == "Aino Virtanen calls you"
    pocket.page.goto(pocket.origin + notification["open"])
    connected = room.rings("connect-call")
    room.answers(connected)
    room.is_connected(connected)
    expect(pocket.page.get_by_text("You are talking with Aino Virtanen.")).to_be_visible()
    pocket.page.get_by_role("button", name="Hang up").click()
    eventually(lambda: Call.objects.filter(pk="r1", state="ended").exists(), "the call has ended")
    room.page.close()
