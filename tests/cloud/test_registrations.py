"""Whom the partner knows: thousands of residents are compared with a few questions to the database (S4)."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cloud.partner.models import Registration
from cloud.people.models import CareSettings, Resident
from tests.cloud.homes import Home

pytestmark = [pytest.mark.requirement("S4"), pytest.mark.postgresql]


def monitor(home: Home, count: int) -> None:
    """So many more residents are monitored."""
    residents = Resident.objects.bulk_create(
        Resident(organisation=home.organisation, first_name="Aino", last_name=f"No{number:04}")
        for number in range(count)
    )
    CareSettings.objects.bulk_create(CareSettings(resident=each, monitored=True) for each in residents)


def test_however_many_are_monitored_the_page_asks_the_same(desk: Client, home: Home) -> None:
    """They come a page at a time, each with a number of their own, and without one more query."""
    page = f"/partner/registrations/{home.organisation.pk}/"
    asked = []
    for more in (3, 400):
        monitor(home, more)
        desk.get(page)
        with CaptureQueriesContext(connection) as queries:
            shown = desk.get(page).content.decode()
        asked.append(len(queries))
        assert shown.count("not confirmed") <= 50
    assert asked[0] == asked[1]
    assert "1 of 9" in shown
    assert Registration.objects.values("number").distinct().count() == 403


def test_a_list_that_differs_in_everything_is_named_in_part(desk: Client, home: Home) -> None:
    """A hundred of each side, and how many more; those that both know are confirmed."""
    monitor(home, 150)
    page = f"/partner/registrations/{home.organisation.pk}/"
    desk.get(page)
    known = Registration.objects.order_by("pk")[:10]
    there = [each.number for each in known] + [str(number) for number in range(9_000, 9_120)]
    shown = desk.post(page, {"numbers": "\n".join(there)}).content.decode()
    assert shown.count("and unknown to the partner") == 100
    assert shown.count("and not monitored here") == 100
    assert "60 more differ" in shown
    assert Registration.objects.exclude(confirmed_at=None).count() == 10
