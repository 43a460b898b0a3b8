"""Reports by month: help, calls and devices, on the page and as CSV (V28)."""

import csv
from datetime import UTC, date, datetime, timedelta
from html import unescape
from io import StringIO
from itertools import pairwise

import pytest
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from cloud.base.reports import months_until, percentile, spans
from cloud.cafe import report as cafe_report
from cloud.cafe.models import Meeting, Seat
from cloud.devices import report as device_report
from cloud.devices.models import Device, DeviceFault
from cloud.help import report as help_report
from cloud.help.models import HelpRequest
from cloud.queue import report as queue_report
from cloud.queue.models import Visit
from tests.cloud.homes import Home, make_help, make_home

pytestmark = [pytest.mark.requirement("V28"), pytest.mark.django_db, pytest.mark.postgresql]

MAY = [date(2031, 5, 1)]


def make_answered(home: Home, at: datetime, taken_s: float | None, arrived_s: float | None = None) -> None:
    """Somebody pressed then, and was answered and visited after so many seconds."""
    request = make_help(home.device, f"report-{at.isoformat()}-{taken_s}")
    later = {
        name: at + timedelta(seconds=seconds)
        for name, seconds in (("taken_at", taken_s), ("arrived_at", arrived_s))
        if seconds is not None
    }
    HelpRequest.objects.filter(pk=request.pk).update(raised_at=at, received_at=at, **later)


def table(desk: Client, report: str, **asked: str | int) -> list[list[str]]:
    """The lines of a CSV file."""
    text = desk.get("/reports/export.csv", {"report": report, **asked}).content.decode()
    assert text.startswith("\ufeff")
    return list(
        csv.reader(StringIO(text[1:]), delimiter=";" if asked.get("separator") == "semicolon" else ",")
    )


def test_help_says_how_long_residents_waited(home: Home, foreign: Home) -> None:
    """Half and nine of ten of those who were answered; who was not is counted beside them."""
    HelpRequest.objects.all().delete()
    at = datetime(2031, 5, 10, 12, tzinfo=UTC)
    for number in range(10):
        make_answered(home, at + timedelta(minutes=number), taken_s=10 * (number + 1), arrived_s=300)
    make_answered(home, at, taken_s=None)
    make_answered(foreign, at, taken_s=9_999)
    assert help_report.read(home.user, "/", MAY).rows == [[11, 0, 0, 1, 50.0, 90.0, 300.0]]


def test_a_month_ends_by_the_desks_clock(home: Home) -> None:
    """Half past midnight in Helsinki is the next month already, though not in UTC."""
    HelpRequest.objects.all().delete()
    make_answered(home, datetime(2031, 5, 31, 21, 30, tzinfo=UTC), taken_s=5)
    assert [row[0] for row in help_report.read(home.user, "/", [*MAY, date(2031, 6, 1)]).rows] == [0, 1]


def test_a_silent_device_lowers_the_uptime(home: Home) -> None:
    """One day of the month without a sign from the only device; faults are counted where they began."""
    begins, _ends = next(spans(MAY))
    DeviceFault.objects.all().delete()
    Device.objects.filter(pk=home.device.pk).update(enrolled_at=begins, heard_at=timezone.now())
    DeviceFault.objects.create(
        device=home.device, source="silence", part="link", since=begins - timedelta(days=3),
        ended_at=begins + timedelta(days=1),
    )  # fmt: skip
    DeviceFault.objects.create(device=home.device, part="speaker", since=begins, ended_at=begins)
    months = [date(2020, 1, 1), *MAY]
    early, may = device_report.read(home.user, "/", months).rows
    assert early[:2] == [0, None]
    # May 2031 has not come: no device has been in use in it.
    assert may == [1, None, 24, 1]


def test_the_page_and_the_file_say_the_same(desk: Client, home: Home) -> None:
    """Newest month first on the page; in the file the oldest, with comma or semicolon."""
    HelpRequest.objects.all().delete()
    make_answered(home, timezone.now() - timedelta(minutes=5), taken_s=75)
    page = unescape(desk.get("/reports/?months=3").content.decode())
    assert "<td>1:15</td>" in page
    assert page.count('class="bar"') == 5 * 3 + 1
    for separator in ("comma", "semicolon"):
        heading, *lines = table(desk, "help", months=3, separator=separator)
        assert heading[1] == "Calls for help"
        assert [line[0] for line in lines] == sorted(line[0] for line in lines)
        assert lines[-1][1] == "1"
        assert lines[-1][5] == ("75,0" if separator == "semicolon" else "75.0")


def test_one_organisation_can_be_chosen_and_no_foreign_one(desk: Client, home: Home, foreign: Home) -> None:
    """Below it counts too; a foreign number, or nonsense, shows one's own."""
    below = make_home("Alla", parent=home.organisation)
    numbers = {
        pk: table(desk, "help", organisation=pk)[-1][1]
        for pk in ("", home.organisation.pk, below.organisation.pk, foreign.organisation.pk, "x")
    }
    assert list(numbers.values()) == ["2", "2", "1", "2", "2"]


def test_there_is_no_report_of_that_name(desk: Client) -> None:
    """An address that somebody made up is not there."""
    assert desk.get("/reports/export.csv?report=nothing").status_code == 404


@given(st.dates(date(1990, 1, 1), date(2090, 1, 1)), st.integers(1, 60))
def test_months_follow_each_other(day: date, number: int) -> None:
    """So many, each once, the last one with the day, and without a gap between them."""
    months = months_until(day, number)
    assert len(set(months)) == number
    assert months[-1] == day.replace(day=1)
    periods = list(spans(months))
    assert all(before[1] == after[0] for before, after in pairwise(periods))


@given(st.lists(st.floats(0, 1e6), min_size=1, max_size=200), st.floats(0.01, 1))
def test_a_percentile_is_what_so_many_do_not_exceed(values: list[float], share: float) -> None:
    """It is one of the values, and that share of them is at most as large."""
    found = percentile(values, share)
    assert found in values
    assert sum(value <= found for value in values) >= share * len(values)


def make_visit(home: Home, at: datetime, *, waited_s: float | None, served_s: float = 0) -> None:
    """Somebody came to customer service then, was served after so long, or gave up."""
    served_at = at + timedelta(seconds=waited_s) if waited_s is not None else None
    Visit.objects.create(
        id=f"report-{home.organisation}-{at.isoformat()}", queue=home.queue, resident=home.resident,
        device=home.device, way="text", stage="ended", end="removed" if served_at else "left", joined_at=at,
        first_served_at=served_at, ended_at=(served_at or at) + timedelta(seconds=served_s),
    )  # fmt: skip


def test_customer_service_says_how_long_residents_waited(home: Home, foreign: Home) -> None:
    """Those who gave up are counted beside those who were served; another organisation's are not."""
    Visit.objects.all().delete()
    at = datetime(2031, 5, 10, 12, tzinfo=UTC)
    for number in range(10):
        make_visit(home, at + timedelta(hours=number), waited_s=60 * (number + 1), served_s=300)
    make_visit(home, at - timedelta(hours=1), waited_s=None)
    make_visit(foreign, at, waited_s=9_999)
    expected = [11, 10, 1, 0, 300.0, 540.0, 300.0, 50, 0]
    assert queue_report.read(home.user, "/", MAY).rows == [expected]
    parts = queue_report.read(home.user, "/", MAY).parts
    assert [(part.name, part.values) for part in parts] == [(str(home.queue), expected)]


def make_seat(home: Home, at: datetime, minutes: float, meeting: Meeting | None = None) -> None:
    """The resident sat at a table then, for so long."""
    Seat.objects.create(
        id=f"report-{at.isoformat()}-{minutes}", organisation=home.organisation,
        room=meeting.room if meeting else "cafe1", meeting=meeting, resident=home.resident,
        device=home.device, asked_at=at, seen_at=at, entered_at=at,
        left_at=at + timedelta(minutes=minutes), why="left",
    )  # fmt: skip


def test_the_cafe_says_how_long_people_stayed(home: Home, foreign: Home) -> None:
    """Three visits on two days by one person; the event is a row of its own, and the record has its page."""
    Seat.objects.all().delete()
    at = datetime(2031, 5, 10, 12, tzinfo=UTC)
    singing = Meeting.objects.create(
        organisation=home.organisation, title="Singing", starts_at=at, ends_at=at + timedelta(hours=1)
    )
    make_seat(home, at, 10, singing)
    make_seat(home, at + timedelta(minutes=20), 20, singing)
    make_seat(home, at + timedelta(days=1), 60)
    make_seat(foreign, at, 999)
    assert cafe_report.read(home.user, "/", MAY).rows == [[3, 1, 2, 0, 1200.0, 3600.0, 90]]
    parts = cafe_report.read(home.user, "/", MAY).parts
    assert [(part.name, part.values[0], part.values[-1]) for part in parts] == [
        ("Singing", 2, 30),
        ("Café", 1, 60),
    ]


def test_parts_are_a_table_of_their_own(home: Home, desk: Client) -> None:
    """On the page below the months, and as CSV; the page with names only for those who may open it."""
    make_visit(home, timezone.now() - timedelta(hours=1), waited_s=30)
    lines = table(desk, "service", by="parts")
    assert [line[0] for line in lines] == ["Service", str(home.queue)]
    assert lines[1][1:4] == ["2", "1", "1"]
    page = desk.get("/reports/").content.decode()
    assert str(home.queue) in page
    assert "Who, and how long" in page
