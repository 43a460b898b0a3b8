"""Every action by keyboard: Tab reaches everything that can be pressed, and is seen there."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.cloud.homes import Home
from tests.cloud.test_browser import Visit, home, opened, press
from tests.cloud.test_stories_at_the_desk import tab_to

__all__ = ["home"]

# Parts of a page are drawn anew while it is open: what can be pressed is known by what it is.
WHAT_CAN_BE_PRESSED = """() => {
  window.naming = (element) => {
    const radio = element.type === "radio";
    return [
      element.tagName, element.name, radio ? "" : element.value, element.getAttribute("href"),
      element.getAttribute("formaction") ?? element.getAttribute("hx-post"), radio ? "" : element.id,
      radio ? "" : element.textContent.trim().slice(0, 40),
    ].filter(Boolean).join(" ");
  };
  const all = "a[href], button, input, select, textarea, summary, [tabindex]:not([tabindex='-1'])";
  return [...new Set([...document.querySelectorAll(all)]
    .filter((each) => each.checkVisibility({ visibilityProperty: true, opacityProperty: true }))
    .filter((each) => !each.disabled && each.type !== "hidden")
    .map(window.naming))];
}"""
# What has the focus; whether a ring is around it, and whether something else lies over all of it.
FOCUSED = """() => {
  const element = document.activeElement;
  if (element === document.body) return null;
  const style = getComputedStyle(element);
  const box = element.getBoundingClientRect();
  const within = (share) => Math.max(1, Math.min(innerHeight - 1, box.top + share * box.height));
  const seen = [0.2, 0.5, 0.8].some((share) => {
    const found = document.elementFromPoint(box.left + box.width / 2, within(share));
    const label = element.labels?.[0];
    return found && (element.contains(found) || found.contains(element) || label?.contains(found));
  });
  return {
    name: window.naming(element),
    ring: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2,
    seen: seen && box.bottom > 0 && box.top < innerHeight,
  };
}"""


def walk(page: Page) -> dict[str, Any]:
    """Press Tab through the whole page; what is not reached, has no ring, or is hidden."""
    wanted = set(page.evaluate(WHAT_CAN_BE_PRESSED))
    reached: dict[str, dict[str, Any]] = {}
    for _press in range(2 * len(wanted) + 10):
        page.keyboard.press("Tab")
        focused = page.evaluate(FOCUSED)
        if focused is None and reached:
            # After the last one the focus is in the browser's own bar.
            break
        if focused is not None:
            reached[focused["name"]] = focused
    return {
        "not reached": sorted(wanted - set(reached)),
        "without a ring": [name for name, each in reached.items() if not each["ring"]],
        "hidden": [name for name, each in reached.items() if not each["seen"]],
    }


@pytest.mark.requirement("V1")
def test_every_action_is_reached_by_keyboard(visit: Visit, home: Home) -> None:
    """The board, forced calls, groups, many views, the agents' page, the calendar, a resident's page."""
    press(home)
    page = visit(home)
    wrong = {}
    for path in (
        "/help/",
        "/residents/forced-calls/",
        f"/residents/{home.resident.pk}/",
        f"/residents/{home.resident.pk}/calendar/",
        "/devices/",
        "/devices/many/",
        f"/devices/many/groups/{home.screen_group.pk}/",
        "/queue/",
        f"/queue/visits/{home.visit.pk}/",
    ):
        found = walk(opened(page, path))
        if any(found.values()):
            wrong[path] = found
    assert wrong == {}


def test_on_a_phone_nothing_that_has_the_focus_lies_under_the_menu(visit: Visit, home: Home) -> None:
    """The menu stands at the bottom, over what scrolls; behind *More* it is reached too."""
    page = visit(home)
    page.set_viewport_size({"width": 390, "height": 700})
    found = walk(opened(page, "/residents/forced-calls/"))
    assert not any(found.values()), found
    more = page.get_by_role("button", name="More")
    more.press("Enter")
    expect(more).to_have_attribute("aria-expanded", "true")
    entries = page.locator("#menu a")
    expect(entries.nth(4)).to_be_focused()
    for _press in range(entries.count() - 4):
        page.keyboard.press("Tab")
    expect(more).to_be_focused()
    page.keyboard.press("Escape")
    expect(more).to_have_attribute("aria-expanded", "false")
    more.press("Enter")
    for _press in range(entries.count() - 3):
        page.keyboard.press("Tab")
    expect(more).to_have_attribute("aria-expanded", "false")


def test_the_search_is_the_third_press(visit: Visit, home: Home) -> None:
    """Skip, home, search: a name, Enter, and the resident's page."""
    page = opened(visit(home), "/help/")
    for _press in range(3):
        page.keyboard.press("Tab")
    expect(page.get_by_role("searchbox", name="Search everywhere")).to_be_focused()
    page.keyboard.type("virtanen lehmus")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Search everywhere")).to_be_visible()
    page.get_by_role("region", name="Residents").wait_for()
    tab_to(page, "Lehmus Virtanen")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Lehmus Virtanen", level=1)).to_be_visible()
