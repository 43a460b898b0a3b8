"""Whole errands at the desk in a real browser: night views for forty screens, and help by keyboard alone."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from cloud.devices.models import DesiredDocument, Device
from cloud.help.models import HelpRequest
from cloud.notify import live_updates
from cloud.screens.models import ResidentView
from tests.cloud.homes import PASSWORD, Home
from tests.cloud.test_browser import Visit, home, opened, press
from tests.cloud.test_many_views import make_screens

__all__ = ["home"]


def nights() -> list[tuple[Any, ...]]:
    """What is set for the night on every screen of the home."""
    rows = ResidentView.objects.order_by("pk")
    return list(rows.values_list("resident", "colours", "night_from", "night_until", "mute"))


@pytest.mark.requirement("V1")
def test_a_team_lead_sends_night_views_to_forty_screens_and_takes_them_back(visit: Visit, home: Home) -> None:
    """A template, a preview, the progress as it comes, and the screens as they were."""
    make_screens(home, 39)
    Device.objects.update(online=True)
    before = nights()
    page = opened(visit(home), "/devices/many/")
    page.get_by_role("link", name="Quiet night").click()
    page.locator("[name=target]").select_option(f"organisation-{home.organisation.pk}")
    page.get_by_role("button", name="Preview").click()
    expect(page.get_by_text("40 screens change")).to_be_visible()
    assert nights() == before
    with page.expect_response("**/live/**"):
        page.get_by_role("button", name="Send to the screens").click()
    counts = page.locator("#state .counts")
    expect(counts).to_contain_text("on the way")
    documents = DesiredDocument.objects.filter(name="view").order_by("pk")
    assert set(documents.values_list("version", flat=True)) == {2}
    keys = list(documents.values_list("pk", flat=True))
    DesiredDocument.objects.filter(pk__in=keys[:31]).update(painted_version=2)
    DesiredDocument.objects.filter(pk__in=keys[31:33]).update(
        rejected_version=2, rejected_path="night_from", rejected_reason="no such time"
    )
    live_updates.changed(home.organisation, "device")
    for number, what in (("31", "on the screen"), ("7", "on the way"), ("2", "rejected")):
        expect(counts.locator("div", has_text=what).locator("dd").first).to_have_text(number)
    expect(page.locator("#state")).to_contain_text("no such time")
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("undone at")).to_be_visible()
    assert nights() == before
    assert set(DesiredDocument.objects.filter(name="view").values_list("version", flat=True)) == {3}


def tab_to(page: Page, name: str) -> None:
    """Press Tab until the focus is on the element of this name."""
    for _press in range(60):
        page.keyboard.press("Tab")
        said = page.evaluate(
            "(document.activeElement.innerText || document.activeElement.labels?.[0]?.innerText || '').trim()"
        )
        if said.startswith(name):
            return
    pytest.fail(f"the keyboard does not reach {name}")


@pytest.mark.requirement("K3")
def test_help_is_answered_by_keyboard_alone(visit: Visit, home: Home) -> None:
    """From the door to the closed request, without a pointer."""
    press(home)
    page = visit(home)
    page.context.clear_cookies()
    page.goto("/sign-in/")
    tab_to(page, "User name")
    page.keyboard.type(home.user.username)
    tab_to(page, "Password")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Help board")).to_be_visible()
    tab_to(page, "I will go")
    page.keyboard.press("Enter")
    arrive = page.get_by_role("button", name="I am there")
    expect(arrive).to_be_focused()
    # A button that appears under the finger is inactive for a moment.
    expect(arrive).to_be_enabled()
    page.keyboard.press("Enter")
    expect(page.get_by_text("is there").first).to_be_visible()
    tab_to(page, "Close")
    page.keyboard.press("Enter")
    page.wait_for_url("**/close/")
    tab_to(page, "Helped")
    page.keyboard.press("Space")
    tab_to(page, "Close")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Help board")).to_be_visible()
    request = HelpRequest.objects.get()
    assert (request.outcome, request.closed_by) == ("helped", home.user)
