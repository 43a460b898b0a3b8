"""The desk's log of calls: found, counted, written out, and nobody else's (V13, V28)."""

import csv
from datetime import datetime, timedelta
from io import StringIO
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from cloud.calls.models import Call
from cloud.people.models import Contact
from tests.cloud.homes import Home

pytestmark = [pytest.mark.requirement("V13"), pytest.mark.requirement("V28")]


def past(home: Home, number: int, *, at: datetime | None = None, **fields: Any) -> Call:
    at = at or timezone.now() - timedelta(hours=number)
    facts: dict[str, Any] = {
        "kind": "ordinary", "state": "ended", "why": "resident", "answered_at": at, "connected_at": at,
        "ended_at": at + timedelta(minutes=2), "seconds": 120.0, "contact": home.contact,
    } | fields  # fmt: skip
    return Call.objects.create(
        id=f"{home.mark}-{number}", group=facts.pop("group", f"g{number}"), organisation=home.organisation,
        resident=home.resident, device=home.device, offered_at=at, heard_at=at, **facts,
    )  # fmt: skip


@pytest.fixture
def calls(home: Home) -> None:
    """One answered, one missed, two forced ones at once, one of the resident's that nobody answered."""
    past(home, 1)
    past(home, 2, why="no-answer", answered_at=None, connected_at=None, seconds=0.0)
    for number in (3, 4):
        past(home, number, kind="forced", reason="alarm", reason_text="No answer at the door", group="g")
    past(home, 5, kind="resident", why="no-answer", contact=None, answered_at=None, seconds=0.0)


def rows(desk: Client, question: str = "") -> list[dict[str, str]]:
    """The lines of the CSV."""
    text = desk.get(f"/calls/csv/?{question}").content.decode("utf-8-sig")
    return list(csv.DictReader(StringIO(text)))


def figures(desk: Client, question: str = "") -> list[str]:
    """The numbers above the log."""
    import re

    page = desk.get(f"/calls/?{question}").content.decode()
    return re.findall(r"<dd>(\d+)</dd>", page)


def test_all_is_counted(desk: Client, calls: None) -> None:
    """Calls, at once, answered, missed, forced, minutes, residents, callers."""
    assert figures(desk) == ["5", "4", "3", "2", "2", "6", "1", "1"]


@pytest.mark.parametrize(
    ("question", "found"),
    [
        ("kind=forced", 2),
        ("reason=alarm", 2),
        ("outcome=missed", 2),
        ("outcome=answered", 3),
        ("outcome=resident", 3),
        ("kind=forced&outcome=missed", 0),
        ("since=2999-01-01", 0),
        ("until=2000-01-01", 0),
        ("since=2000-01-01&until=2999-01-01", 5),
    ],
)
def test_every_filter_narrows_the_log(desk: Client, calls: None, question: str, found: int) -> None:
    """On the page and in the table alike."""
    assert len(rows(desk, question)) == found
    assert figures(desk, question)[0] == str(found)


def test_resident_and_caller_are_filters(desk: Client, calls: None, home: Home) -> None:
    """By who was in it."""
    other = Contact.objects.create(organisation=home.organisation, first_name="B", last_name="B")
    assert len(rows(desk, f"resident={home.resident.pk}")) == 5
    assert len(rows(desk, f"contact={home.contact.pk}")) == 4
    assert len(rows(desk, f"contact={other.pk}")) == 0


def test_a_wrong_question_is_said(desk: Client, calls: None) -> None:
    """Not answered with an error."""
    page = desk.get("/calls/?since=yesterday&kind=nonsense").content.decode()
    assert page.count('class="error"') == 2


def test_the_table_has_times_and_reasons(desk: Client, calls: None) -> None:
    """One call a line, the newest first."""
    line = rows(desk, "kind=forced")[0]
    assert line["Reason"] == "An alarm has come in"
    assert line["In the caller's words"] == "No answer at the door"
    assert (line["Seconds"], line["Outcome"], line["At once with"]) == ("120.0", "ended by the resident", "g")
    assert datetime.fromisoformat(line["Began"]).tzinfo


def test_a_cell_is_never_a_formula(desk: Client, home: Home) -> None:
    """What somebody wrote is text to every spreadsheet."""
    past(home, 1, kind="forced", reason="other", reason_text='=HYPERLINK("http://x")')
    assert rows(desk)[0]["In the caller's words"].startswith("'=")


def test_the_report_counts_by_period(desk: Client, home: Home) -> None:
    """Months by the desk's own clock: the last minutes of a year are December's."""
    zone = timezone.get_current_timezone()
    past(home, 1, at=datetime(2030, 12, 31, 23, 50, tzinfo=zone))
    past(home, 2, at=datetime(2031, 1, 1, 0, 10, tzinfo=zone), kind="forced", reason="alarm")
    past(home, 3, at=datetime(2031, 1, 15, 9, 0, tzinfo=zone), why="no-answer", answered_at=None, seconds=0.0)
    text = desk.get("/calls/report/csv/?step=month").content.decode("utf-8-sig")
    lines = list(csv.DictReader(StringIO(text)))
    assert [tuple(line.values()) for line in lines] == [
        ("2031-01-01", "2", "1", "1", "1", "2"),
        ("2030-12-01", "1", "1", "0", "0", "2"),
    ]
    assert len(desk.get("/calls/report/?step=day").content.decode().split('<th scope="row">')) == 4


@pytest.mark.requirement("V27")
def test_nobody_counts_the_calls_of_another_home(calls: None, foreign: Home, client: Client) -> None:
    """Neither in the log nor in the table nor in the report."""
    client.force_login(foreign.user)
    assert rows(client) == []
    assert figures(client)[0] == "0"
    assert '<th scope="row">' not in client.get("/calls/report/").content.decode()


def test_the_log_has_pages(desk: Client, home: Home) -> None:
    """Fifty at a time; the table has all."""
    for number in range(60):
        past(home, number)
    assert "1 of 2" in desk.get("/calls/").content.decode()
    assert "2 of 2" in desk.get("/calls/?page=2").content.decode()
    assert len(rows(desk)) == 60
