"""An organisation runs by itself, in a real browser: from an empty desk to a resident, and who did what."""

import io
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core import mail
from django.core.management import call_command
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from cloud.organisations.models import User
from cloud.organisations.roles import Role
from cloud.people.models import Resident
from tests.cloud.conftest import PATIENCE_MS
from tests.cloud.mail_channel import post_mail

pytestmark = [pytest.mark.requirement("K14"), pytest.mark.requirement("K20")]

PASSWORDS = {"Anna": "Kahvi ja pulla 4!", "Kaisa": "Sininen kuppi 77?", "Olli": "Punainen talo 55&"}


@pytest.fixture
def person(address: str, browser: Browser) -> Iterator[Callable[[], Page]]:
    """Each time somebody else's computer, where nobody has signed in."""
    contexts: list[BrowserContext] = []

    def sit_down() -> Page:
        context = browser.new_context(base_url=address, locale="en", reduced_motion="reduce")
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


def invite(page: Page, first: str, last: str, role: str) -> str:
    """The administrator invites somebody; the link in the mail that they get."""
    page.get_by_role("navigation").get_by_role("link", name="Users").click()
    page.get_by_role("link", name="New user").click()
    page.get_by_label("First name").fill(first)
    page.get_by_label("Last name").fill(last)
    page.get_by_label("E-mail address").fill(f"{first}@example.org")
    page.locator("main").get_by_label("Language").select_option("en")
    page.get_by_label("role", exact=True).select_option(label=role)
    page.get_by_role("button", name="Invite").click()
    expect(page.get_by_text("is on its way to")).to_be_visible()
    post_mail()
    found = re.search(r"http\S+/welcome/\S+", str(mail.outbox[-1].body))
    assert found
    return found[0]


def accept(page: Page, link: str, first: str) -> None:
    """They choose a password by it and sign in."""
    page.goto(link)
    page.get_by_label("New password", exact=True).fill(PASSWORDS[first])
    page.get_by_label("New password confirmation").fill(PASSWORDS[first])
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Your password is set")).to_be_visible()
    assert "welcome" not in page.url
    sign_in(page, f"{first}@example.org", PASSWORDS[first])


def _entry(page: Page, heading: str) -> Locator:
    return page.locator("li", has=page.locator("strong", has_text=heading))


def test_from_an_empty_desk_to_an_auditor(
    person: Callable[[], Page], monkeypatch: pytest.MonkeyPatch, settings: Any, address: str
) -> None:
    """An administrator invites a team lead, who adds a resident; an auditor reads who did what."""
    settings.DESK_ADDRESS = address
    monkeypatch.setattr("sys.stdin", io.StringIO(PASSWORDS["Anna"] + "\n"))
    call_command("add_user", "anna", first_name="Anna", organisation="Lehmus", language="en")
    assert User.objects.get().grants.get().role == Role.ADMINISTRATOR

    anna = person()
    sign_in(anna, "anna", PASSWORDS["Anna"])
    for_kaisa = invite(anna, "Kaisa", "Laine", "Team lead")
    for_olli = invite(anna, "Olli", "Aho", "Auditor")

    kaisa = person()
    accept(kaisa, for_kaisa, "Kaisa")
    kaisa.get_by_role("link", name="Residents", exact=True).click()
    kaisa.get_by_role("link", name="New resident").click()
    kaisa.get_by_label("First name").fill("Aino")
    kaisa.get_by_label("Last name").fill("Virtanen")
    kaisa.get_by_role("button", name="Save").click()
    expect(kaisa.get_by_role("heading", name="Aino Virtanen")).to_be_visible()
    assert Resident.objects.count() == 1

    olli = person()
    accept(olli, for_olli, "Olli")
    olli.get_by_role("link", name="Changes").click()
    entry = _entry(olli, "Resident: Aino Virtanen")
    expect(entry).to_contain_text("Kaisa Laine")
    expect(entry).to_contain_text("added")
    olli.locator("main").get_by_label("Search").fill("Anna")
    olli.get_by_role("button", name="Show").click()
    expect(_entry(olli, "User: Kaisa Laine")).not_to_have_count(0)
    expect(_entry(olli, "Resident: Aino Virtanen")).to_have_count(0)
    olli.goto("/residents/")
    expect(olli.get_by_role("link", name="New resident")).to_have_count(0)
