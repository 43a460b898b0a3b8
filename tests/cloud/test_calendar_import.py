"""iCalendar files: what is taken in, what is listed as not taken, and that nothing is lost."""

from datetime import date
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from cloud.calendar import expansion, ical
from cloud.calendar.models import Appointment
from cloud.desk.demo.home import CALENDAR
from tests.cloud.homes import Home


@pytest.fixture(autouse=True)
def today(monkeypatch: pytest.MonkeyPatch) -> None:
    """The horizon holds the times of these files."""
    for module in ("cloud.calendar.expansion", "cloud.calendar.agenda"):
        monkeypatch.setattr(f"{module}.localdate", lambda: date(2031, 1, 5))


def starts(appointment: Appointment) -> list[str]:
    return [each["starts"] for each in expansion.occurrences(appointment)]


def calendar(*events: str) -> bytes:
    """A file with these events; each is its lines without BEGIN and END."""
    wrapped = (f"BEGIN:VEVENT\n{event}\nEND:VEVENT" for event in events)
    return "\n".join(
        ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//T//EN", *wrapped, "END:VCALENDAR"]
    ).encode()


def take(home: Home, *events: str) -> ical.Result:
    """What became of the events."""
    return ical.ingest(calendar(*events), home.resident)


def only(home: Home) -> Appointment:
    """The one appointment that came from a file."""
    return Appointment.objects.exclude(uid="").get(resident=home.resident)


def test_wall_time_and_zone_are_kept(home: Home) -> None:
    """A time in a zone stays that wall time in that zone; nothing is turned into UTC."""
    take(
        home,
        "UID:a\nDTSTART;TZID=Europe/Stockholm:20310701T100000\nDTEND;TZID=Europe/Stockholm:20310701T113000\nSUMMARY:Visit",
    )
    visit = only(home)
    assert (visit.starts, visit.ends, visit.time_zone) == (
        "2031-07-01T10:00",
        "2031-07-01T11:30",
        "Europe/Stockholm",
    )


def test_floating_time_is_the_residents_own(home: Home) -> None:
    """A time without a zone has none; a duration gives its end."""
    take(home, "UID:a\nDTSTART:20310701T100000\nDURATION:PT45M\nSUMMARY:Visit")
    visit = only(home)
    assert (visit.ends, visit.time_zone) == ("2031-07-01T10:45", "")


def test_end_in_another_zone_is_the_same_moment(home: Home) -> None:
    """An end that is given in another zone is brought into that of the start."""
    take(home, "UID:a\nDTSTART;TZID=Europe/Helsinki:20310701T100000\nDTEND:20310701T080000Z\nSUMMARY:Visit")
    assert only(home).ends == "2031-07-01T11:00"


def test_whole_days_end_before_the_day_after(home: Home) -> None:
    """A day without an end is one day; place and title are text."""
    take(home, "UID:a\nDTSTART;VALUE=DATE:20310701\nSUMMARY:Juhla\\, iso\nLOCATION:<b>Sali</b>")
    day = only(home)
    assert (day.all_day, day.starts, day.ends) == (True, "2031-07-01T00:00", "2031-07-02T00:00")
    assert (day.title, day.place) == ("Juhla, iso", "<b>Sali</b>")


def test_rules_and_exceptions_are_kept_as_text(home: Home) -> None:
    """A repeating event keeps its rule; its exceptions are left out, however they are written."""
    take(
        home,
        "UID:a\nDTSTART;TZID=Europe/Helsinki:20310106T100000\nRRULE:FREQ=WEEKLY;BYDAY=MO;COUNT=20\n"
        "EXDATE;TZID=Europe/Helsinki:20310113T100000\nEXDATE:20310120T080000Z\nEXDATE;VALUE=DATE:20310127\nSUMMARY:Jumppa",
    )
    gym = only(home)
    assert gym.rule == "FREQ=WEEKLY;COUNT=20;BYDAY=MO"
    assert starts(gym)[:2] == ["2031-01-06T10:00", "2031-02-03T10:00"]


def test_moved_time_of_a_repeating_event(home: Home) -> None:
    """One time that was moved stands where it is now, under its own title."""
    take(
        home,
        "UID:a\nDTSTART:20310106T100000\nRRULE:FREQ=WEEKLY\nSUMMARY:Jumppa",
        "UID:a\nRECURRENCE-ID:20310113T100000\nDTSTART:20310114T150000\nSUMMARY:Jumppa (siirretty)",
    )
    assert starts(only(home))[:3] == ["2031-01-06T10:00", "2031-01-14T15:00", "2031-01-20T10:00"]
    assert expansion.occurrences(only(home))[1]["title"] == "Jumppa (siirretty)"


def test_cancelled_events_go(home: Home) -> None:
    """A cancelled event leaves the calendar; a cancelled time leaves the rule."""
    take(
        home,
        "UID:a\nDTSTART:20310106T100000\nRRULE:FREQ=WEEKLY\nSUMMARY:A",
        "UID:b\nDTSTART:20310106T100000\nSUMMARY:B",
    )
    result = take(
        home,
        "UID:a\nRECURRENCE-ID:20310113T100000\nDTSTART:20310113T100000\nSTATUS:CANCELLED\nSUMMARY:A",
        "UID:b\nDTSTART:20310106T100000\nSTATUS:CANCELLED\nSUMMARY:B",
    )
    assert result.removed == 1
    assert starts(only(home))[:2] == ["2031-01-06T10:00", "2031-01-20T10:00"]


def test_importing_again_updates_by_uid(home: Home) -> None:
    """The same file twice changes nothing; a changed event changes; others stay."""
    first, second = "UID:a\nDTSTART:20310106T100000\nSUMMARY:A", "UID:b\nDTSTART:20310106T100000\nSUMMARY:B"
    assert take(home, first, second).added == 2
    assert take(home, first, second).same == 2
    result = take(home, first.replace("SUMMARY:A", "SUMMARY:A changed"))
    assert (result.changed, result.added, result.removed) == (1, 0, 0)
    assert Appointment.objects.filter(resident=home.resident).count() == 3


def test_importing_again_asks_the_database_once(
    home: Home, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    """However many events a file has."""
    events = [f"UID:{n}\nDTSTART:20310701T100000Z\nSUMMARY:Visit {n}" for n in range(20)]
    take(home, *events)
    with django_assert_max_num_queries(5):
        assert take(home, *events).same == 20


@pytest.mark.parametrize(
    ("event", "reason"),
    [
        ("UID:a\nSUMMARY:X", "it has no beginning"),
        ("UID:a\nDTSTART:2031banana\nSUMMARY:X", "DTSTART"),
        ("UID:a\nDTSTART;TZID=Mars/Base:20310106T100000\nSUMMARY:X", "unknown time zone 'Mars/Base'"),
        ("UID:a\nDTSTART:20310106T100000\nDTEND:20310105T100000\nSUMMARY:X", "ends before it starts"),
        (
            "UID:a\nDTSTART:20310106T100000\nRRULE:FREQ=SECONDLY\nSUMMARY:X",
            "cannot be followed (FREQ=SECONDLY)",
        ),
        ("UID:a\nDTSTART:20310106T100000\nRRULE:FREQ=WEEKLY;INTERVAL=0\nSUMMARY:X", "INTERVAL=0"),
        ("UID:a\nDTSTART:99991231T100000\nSUMMARY:X", "too far away (the year 9999)"),
        ("UID:a\nDTSTART:20310106T100000\nRRULE:FREQ=DAILY;UNTIL=99991231\nSUMMARY:X", "UNTIL=99991231"),
        ("UID:a\nDTSTART:20310106T100000\nRRULE:nonsense\nSUMMARY:X", "cannot be followed ()"),
        (
            "UID:a\nDTSTART:20310106T100000\nRRULE:FREQ=DAILY;BYMONTH=2;BYMONTHDAY=31\nSUMMARY:X",
            "never comes round",
        ),
        (
            "UID:a\nDTSTART:20310106T100000\n" + "RRULE:FREQ=DAILY\n" * 4 + "SUMMARY:X",
            "too many rules",
        ),
        ("UID:a\nDTSTART:20310106T100000\nEXRULE:FREQ=DAILY\nSUMMARY:X", "EXRULE"),
        ("UID:a\nDTSTART:20310106T100000\nSUMMARY:" + "X" * 400, "title was shortened"),
    ],
)
def test_what_is_not_taken_is_listed(home: Home, event: str, reason: str) -> None:
    """Each event that cannot be taken as it stands is listed with a reason, and the next one is taken."""
    result = take(home, event, "UID:good\nDTSTART:20310106T100000\nSUMMARY:Good")
    assert [problem for name, problem in result.problems if name.startswith("X") and reason in problem]
    assert Appointment.objects.filter(uid="good").exists()


def test_extra_dates_and_several_rules_are_followed(home: Home) -> None:
    """Single dates beside a rule, and two rules of one event, all count."""
    take(
        home,
        "UID:a\nDTSTART:20310106T100000\nRRULE:FREQ=WEEKLY;COUNT=2\nRDATE:20310107T090000\n"
        "RRULE:FREQ=MONTHLY;COUNT=2\nSUMMARY:X",
    )
    assert starts(only(home)) == [
        "2031-01-06T10:00",
        "2031-01-07T09:00",
        "2031-01-13T10:00",
        "2031-02-06T10:00",
    ]


def test_all_later_times_can_be_changed_at_once(home: Home) -> None:
    """RANGE=THISANDFUTURE moves the rest of the series."""
    take(
        home,
        "UID:a\nDTSTART:20310106T100000\nRRULE:FREQ=WEEKLY\nSUMMARY:X",
        "UID:a\nRECURRENCE-ID;RANGE=THISANDFUTURE:20310113T100000\nDTSTART:20310113T150000\nSUMMARY:X",
    )
    assert starts(only(home))[:3] == ["2031-01-06T10:00", "2031-01-13T15:00", "2031-01-20T15:00"]


def test_other_things_than_events_are_listed(home: Home) -> None:
    """A to-do is no appointment, and does not vanish silently."""
    content = calendar().replace(
        b"END:VCALENDAR", b"BEGIN:VTODO\nUID:t\nSUMMARY:Buy milk\nEND:VTODO\nEND:VCALENDAR"
    )
    assert ical.ingest(content, home.resident).problems == [("Buy milk", "not an appointment (VTODO)")]


@pytest.mark.parametrize("content", [b"", b"hello", b"BEGIN:VCALENDAR", b"\xff\xfe\x00", b"x" * 2_000_001])
def test_files_that_are_no_calendar_are_refused(home: Home, content: bytes) -> None:
    """What is not a calendar, or too large, is refused as a whole."""
    with pytest.raises(ValidationError):
        ical.ingest(content, home.resident)


def test_calendar_has_an_end(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """More appointments than a device can carry are listed, not sent."""
    monkeypatch.setattr(ical, "MOST_APPOINTMENTS", 2)
    result = take(
        home, "UID:a\nDTSTART:20310106T100000\nSUMMARY:A", "UID:b\nDTSTART:20310106T100000\nSUMMARY:B"
    )
    assert (result.added, len(result.problems)) == (1, 1)


def upload(desk: Client, home: Home, content: bytes) -> str:
    """The page after a file was chosen."""
    file = SimpleUploadedFile("a.ics", content, "text/calendar")
    return desk.post(f"/residents/{home.resident.pk}/calendar/import/", {"file": file}).content.decode()


def test_page_says_what_became_of_the_file(desk: Client, home: Home) -> None:
    """The nurse sees the counts and each problem as text; the document goes out."""
    page = upload(
        desk, home, calendar("UID:a\nDTSTART:20310106T100000\nSUMMARY:Good", "UID:b\nSUMMARY:<i>Bad</i>")
    )
    assert "1 new, 0 changed" in page
    assert "&lt;i&gt;Bad&lt;/i&gt;" in page
    titles = [each["title"] for each in home.device.documents.get(name="calendar").body["occurrences"]]
    assert "Good" in titles


def test_page_refuses_what_is_no_calendar(desk: Client, home: Home) -> None:
    """A photo chosen by mistake is said to be no calendar."""
    assert "not a calendar file" in upload(desk, home, b"\xff\xd8\xff\xe0 JFIF")


def test_the_demos_calendar_is_taken_whole(home: Home) -> None:
    """The file that comes with the project has no problems."""
    result = ical.ingest(Path(CALENDAR).read_bytes(), home.resident)
    assert (result.problems, result.added) == ([], 10)
