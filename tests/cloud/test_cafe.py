"""The café's weekly hours (V25)."""

import pytest
from django.test import Client

from cloud.calendar.models import Cafe
from cloud.devices.documents import refresh
from tests.cloud.homes import Home, make_home

pytestmark = pytest.mark.requirement("V25")


def test_same_hours_on_several_days_are_one_stretch(desk: Client, home: Home) -> None:
    """The week that the nurse fills in becomes the contract's hours, and goes out."""
    week = {f"{end}_{day}_0": at for day in (1, 2) for end, at in (("opens", "13:00"), ("closes", "15:00"))}
    desk.post(
        f"/cafe/{home.organisation.pk}/",
        {"name": "Kahvila", **week, "opens_2_1": "22:00", "closes_2_1": "01:00"},
    )
    sent = home.device.documents.get(name="calendar").body["cafe"]
    assert sent["hours"] == [
        {"days": [1, 2], "opens": "13:00", "closes": "15:00"},
        {"days": [2], "opens": "22:00", "closes": "01:00"},
    ]


def test_half_a_stretch_is_refused(desk: Client, home: Home) -> None:
    """An opening without a closing is said, with its day."""
    page = desk.post(f"/cafe/{home.organisation.pk}/", {"name": "K", "opens_3_0": "13:00"}).content.decode()
    assert "Wednesday needs both an opening and a closing time." in page


def test_closed_days_come_and_go(desk: Client, home: Home) -> None:
    """A day is closed and opened again; nonsense is refused."""
    address = f"/cafe/{home.organisation.pk}/closed/"
    desk.post(address, {"day": "2031-01-06"})
    assert home.device.documents.get(name="calendar").body["cafe"]["closed_on"] == [
        "2031-01-06",
        "2031-12-24",
    ]
    desk.post(f"{address}2031-12-24/open/")
    assert Cafe.objects.get(organisation=home.organisation).closed_on == ["2031-01-06"]
    assert "Enter a valid date." in desk.post(address, {"day": "31.2."}).content.decode()


def test_a_sub_organisation_uses_the_cafe_above(desk: Client, home: Home) -> None:
    """Without a café of its own it has the nearest one above, and changes there reach it."""
    below = make_home("Alla", parent=home.organisation)
    Cafe.objects.filter(organisation=below.organisation).delete()
    refresh(below.device)
    desk.post(f"/cafe/{home.organisation.pk}/", {"name": "Yhteinen"})
    assert below.device.documents.get(name="calendar").body["cafe"]["name"] == "Yhteinen"
