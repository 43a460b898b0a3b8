"""Where one of thousands is chosen, the page holds a few of them and finds the others by name."""

import re

import pytest
from django.test import Client
from playwright.sync_api import expect

from cloud.base.found_choices import MOST_SHOWN
from cloud.cafe.models import Meeting
from cloud.people.models import Resident
from tests.cloud.homes import Home
from tests.cloud.test_browser import Visit, home, opened

__all__ = ["home"]
pytestmark = [pytest.mark.requirement("V1")]


@pytest.fixture
def many(home: Home) -> list[Resident]:
    """Many residents, of whom the last has a name of their own."""
    organisation = home.organisation
    rows = [
        Resident(organisation=organisation, first_name=f"Aino {at:03}", last_name="Aalto") for at in range(90)
    ]
    rows.append(Resident(organisation=organisation, first_name="Önni", last_name="Åkerblom"))
    return Resident.objects.bulk_create(rows)


def offered(page: str, name: str) -> set[int]:
    """The residents that the page lets one choose."""
    choices = re.search(rf'id="id_{name}-choices">(.*?)</div>\s*</div>', page, re.DOTALL)
    assert choices
    return {int(pk) for pk in re.findall(r'value="(\d+)"', choices[1])}


@pytest.mark.parametrize(
    ("path", "name"), [("/devices/add/", "resident"), ("/calls/", "resident"), ("/events/new/", "invited")]
)
def test_a_few_are_shown_and_the_others_are_found(
    desk: Client, many: list[Resident], path: str, name: str
) -> None:
    """Not everybody is in the page; those searched for are, by any part of the name."""
    assert len(offered(desk.get(path).content.decode(), name)) == MOST_SHOWN
    found = desk.get(path, {f"find-{name}": "åker ön"}).content.decode()
    assert offered(found, name) == {many[-1].pk}
    assert offered(desk.get(path, {f"find-{name}": "nobody \0 of this name"}).content.decode(), name) == set()


def test_those_who_were_ticked_stay_while_one_searches_for_others(
    desk: Client, many: list[Resident], home: Home
) -> None:
    """Boxes that were ticked and not saved are still there, and ticked, beside those found."""
    ticked = [many[3].pk, many[4].pk]
    page = desk.get(
        f"/events/new/?find-invited=åker&invited={ticked[0]}&invited={ticked[1]}"
    ).content.decode()
    assert offered(page, "invited") == {*ticked, many[-1].pk}
    assert len(re.findall(r'name="invited" value="\d+"[^>]* checked', page)) == len(ticked)
    wrong = desk.get(f"/events/new/?find-invited=åker&invited=x&invited=-1&invited={'9' * 40}")
    assert offered(wrong.content.decode(), "invited") == {many[-1].pk}
    # Those invited already are shown first, wherever they are in the alphabet.
    meeting = Meeting.objects.get(pk=home.meeting.pk)
    meeting.invited.set([many[-1]])
    assert many[-1].pk in offered(desk.get(f"/events/{meeting.pk}/").content.decode(), "invited")


def test_somebody_beyond_the_first_is_chosen_by_typing(
    home: Home, many: list[Resident], visit: Visit
) -> None:
    """The search takes only the choices, Enter in it sends nothing, and no late answer undoes a choice."""
    page = opened(visit(home), "/devices/add/")
    search = page.get_by_role("searchbox", name="Search by name")
    search.press_sequentially("Åker")
    expect(page.locator("#id_resident option")).to_have_text(["Nobody yet", "Önni Åkerblom"])
    page.route("**find-resident=*", lambda _never_answered: None)
    with page.expect_request("**find-resident=*"):
        search.press("Enter")
    expect(search).to_have_value("Åker")
    with page.expect_event("requestfailed"):
        page.locator("#id_resident").select_option(str(many[-1].pk))
    page.get_by_role("button", name="Show the code").click()
    # The answer holds the first ones again, and the one that was sent.
    expect(page.locator("#id_resident option")).to_have_count(MOST_SHOWN + 2)
    expect(page.locator("#id_resident")).to_have_value(str(many[-1].pk))
