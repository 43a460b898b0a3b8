"""The calendar for other programs: behind a secret that is shown once and can be revoked."""

import pytest
from django.test import Client
from icalendar import Calendar

from cloud.calendar.models import CalendarFeed
from tests.cloud.homes import Home

pytestmark = pytest.mark.requirement("K12")


def link(desk: Client, home: Home) -> str:
    """Return a new link's path."""
    page = desk.post(f"/residents/{home.resident.pk}/calendar/feed/").content.decode()
    return "/calendar/" + page.partition('value="http://testserver/calendar/')[2].partition('"')[0]


def test_another_program_reads_the_calendar(desk: Client, home: Home) -> None:
    """Without signing in, by the link alone; the times are those of the resident's zone."""
    address = link(desk, home)
    calendar = Calendar.from_ical(Client().get(address).content)
    found = {str(event["summary"]): event for event in calendar.walk("VEVENT")}
    assert "Lehmus visit" in found
    starts = found["Lehmus visit"].decoded("dtstart")
    assert starts.isoformat() == "2031-05-01T10:00:00+03:00"


def test_a_new_link_ends_the_old_one_and_revoking_ends_both(desk: Client, home: Home) -> None:
    """Only the digest is stored."""
    first, second = link(desk, home), link(desk, home)
    assert first != second
    assert Client().get(first).status_code == 404
    assert Client().get(second).status_code == 200
    assert second.split("/")[-2] not in str(CalendarFeed.objects.values())
    desk.post(f"/residents/{home.resident.pk}/calendar/feed/revoke/")
    assert Client().get(second).status_code == 404


@pytest.mark.requirement("V27")
def test_nobody_makes_a_link_for_a_foreign_resident(desk: Client, foreign: Home) -> None:
    """Nor can they revoke one."""
    for verb in ("", "revoke/"):
        assert desk.post(f"/residents/{foreign.resident.pk}/calendar/feed/{verb}").status_code == 404
