"""Public holidays and an organisation's own days: then the numbers for other times hold (S7)."""

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.utils.timezone import localdate

from cloud.help.hours import OfficeHours
from cloud.organisations.models import Organisation
from cloud.people.closed_days import closed_days
from cloud.people.models import ClosedDay
from tests.cloud.homes import Home

pytestmark = pytest.mark.requirement("S7")


@pytest.mark.parametrize(
    ("zone", "day", "is_holiday"),
    [
        ("Europe/Helsinki", "2026-12-25", True),
        ("Europe/Helsinki", "2026-12-06", False),
        ("Europe/Helsinki", "2027-12-06", True),
        ("Europe/Stockholm", "2026-06-05", False),
        ("Europe/Stockholm", "2027-05-06", True),
        ("Europe/Copenhagen", "2026-12-25", True),
        ("Europe/Oslo", "2027-05-17", True),
        ("Europe/Oslo", "2027-05-18", False),
    ],
)
def test_each_country_has_its_holidays(home: Home, zone: str, day: str, is_holiday: bool) -> None:
    """By the zone of the resident's clock; a Sunday is no office day anyway."""
    assert (day in closed_days(home.organisation, zone, date(2026, 11, 28))) == is_holiday


def test_on_christmas_day_the_office_is_not_called(home: Home) -> None:
    """A Friday at ten, and yet nobody is in the office."""
    helsinki = ZoneInfo("Europe/Helsinki")
    closed = frozenset(closed_days(home.organisation, helsinki.key, date(2026, 11, 28)))
    hours = OfficeHours(time(8), time(16), helsinki, closed)
    assert not hours.at(datetime(2026, 12, 25, 10, tzinfo=helsinki))
    assert hours.at(datetime(2026, 12, 28, 10, tzinfo=helsinki))


def test_a_day_of_the_organisation_reaches_the_device_and_those_below(desk: Client, home: Home) -> None:
    """Entered once; the policy of every device carries it, and it can be taken back."""
    below = Organisation(name="below", parent=home.organisation)
    below.save()
    day = localdate().replace(month=8, day=12, year=localdate().year + 1)
    path = f"/residents/closed-days/{home.organisation.pk}/"
    desk.post(path, {"day": day.isoformat()})
    assert day.isoformat() in closed_days(below, "Europe/Helsinki", localdate())
    policy = home.device.documents.get(name="policy").body
    assert day.isoformat() in policy["help"]["office_closed_on"]
    desk.post(f"{path}{ClosedDay.objects.get(day=day).pk}/remove/")
    policy = home.device.documents.get(name="policy").body
    assert day.isoformat() not in policy["help"]["office_closed_on"]


@pytest.mark.parametrize("day", ["", "yesterday", "1999-01-01", "9999-12-31"])
def test_a_day_that_is_none_is_refused(desk: Client, home: Home, day: str) -> None:
    """With a word, and nothing is stored."""
    page = desk.post(f"/residents/closed-days/{home.organisation.pk}/", {"day": day})
    assert 'class="error' in page.content.decode() or "errorlist" in page.content.decode()
    assert (
        not ClosedDay.objects.exclude(pk=home.closed_day.pk).filter(organisation=home.organisation).exists()
    )


def test_a_stranger_has_no_days(desk: Client, foreign: Home) -> None:
    """Another organisation's page is not there (V27)."""
    assert desk.get(f"/residents/closed-days/{foreign.organisation.pk}/").status_code == 404
