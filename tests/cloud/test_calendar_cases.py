"""Calendar files of the kinds that people have reported: read at the desk, shown on the screen."""

from base64 import b64encode
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

import msgspec
import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cloud.calendar import _worker, expansion, ical
from cloud.calendar.agenda import occurrences_of
from cloud.calendar.expansion import CalendarWorker, CannotExpand
from cloud.calendar.models import Appointment
from cloud.calendar.watch import renew_all, retry_slow
from cloud.devices import documents
from device.contract.checks import read_document
from device.contract.documents import Calendar
from device.rules.agenda import day
from tests.cloud.homes import Home
from tests.cloud.stopping import never
from tests.examples import examples

CASES = Path(__file__).parent / "calendar_cases"
HELSINKI = ZoneInfo("Europe/Helsinki")
TODAY = date(2026, 11, 20)


@pytest.fixture(autouse=True)
def today(monkeypatch: pytest.MonkeyPatch) -> None:
    """The cases are of November 2026."""
    for module in ("cloud.calendar.expansion", "cloud.calendar.agenda"):
        monkeypatch.setattr(f"{module}.localdate", lambda: TODAY)


def take(home: Home, *names: str) -> ical.Result:
    """Import these cases, one after the other; the result of the last one."""
    for name in names:
        (path,) = CASES.glob(f"{name}-*.ics")
        result = ical.ingest(path.read_bytes(), home.resident)
    return result


def screen(home: Home, *days: str) -> list[str]:
    """What the device's agenda lists on these days, from the very document that it is sent."""
    documents.refresh_resident(home.resident)
    stored = home.device.documents.get(name="calendar")
    calendar = documents.with_version(stored)
    assert isinstance(calendar, Calendar)
    own = [each for each in calendar.occurrences if each.id != str(home.appointment.pk)]
    found = [each for on in days for each in day(own, date.fromisoformat(on), HELSINKI)]
    return [f"{each.starts:%d.%m. %H:%M} {each.title}" for each in found]


MONDAYS = ("2026-11-23", "2026-11-30", "2026-12-07")


@pytest.mark.requirement("K21")
def test_an_interval_of_zero_is_refused_with_the_reason(home: Home) -> None:
    """d10: the file that once stopped the screen and help is a line in a list."""
    result = take(home, "d10")
    assert [reason for _name, reason in result.problems] == [
        "it repeats in a way that cannot be followed (FREQ=WEEKLY;INTERVAL=0;BYDAY=MO)"
    ]
    assert screen(home, *MONDAYS) == []


def test_the_last_start_counts(home: Home) -> None:
    """c01: an end in UTC that is the last start includes it; nothing comes after."""
    take(home, "c01")
    assert screen(home, *MONDAYS) == ["23.11. 10:00 Fysioterapia", "30.11. 10:00 Fysioterapia"]


def test_a_series_that_its_producer_split_is_one(home: Home) -> None:
    """c03: the old half ends one second before; the day belongs to the new one."""
    take(home, "c03")
    assert screen(home, *MONDAYS) == [
        "23.11. 10:00 Hoitaja käy (vanha)",
        "30.11. 14:00 Hoitaja käy (uusi)",
        "07.12. 14:00 Hoitaja käy (uusi)",
    ]


@pytest.mark.parametrize("name", ["c04a", "c04b"])
def test_a_private_time_zone_is_read_by_its_description(home: Home, name: str) -> None:
    """c04: Exchange's and Outlook's own zones; nobody reads program text."""
    assert take(home, name).problems == []
    assert screen(home, "2026-11-30") == ["30.11. 10:00 Lääkäri"]


def test_a_minor_line_that_is_nonsense_is_a_remark(home: Home) -> None:
    """c05a: created in the year zero; the appointment is taken."""
    result = take(home, "c05a")
    assert result.problems == [("Hammaslääkäri", "a line that makes no sense was left out: CREATED")]
    assert screen(home, "2026-11-30") == ["30.11. 10:00 Hammaslääkäri"]


def test_letters_of_windows_are_guessed_and_said(home: Home) -> None:
    """c06a: the letters are right, and the page says that it guessed."""
    result = take(home, "c06a")
    assert "Windows-1252 was guessed" in result.problems[0][1]
    assert screen(home, "2026-11-30") == ["30.11. 10:00 Lääkärikäynti Töölössä"]


def test_three_visits_under_one_uid_are_three(home: Home) -> None:
    """c07: none vanishes, also when the file comes again."""
    for added in (3, 0):
        assert take(home, "c07").added == added
    assert len(screen(home, "2026-11-28", "2026-11-29", "2026-11-30")) == 3


def test_a_moved_time_in_utc_moves_the_one_it_means(home: Home) -> None:
    """c08e: the series in Helsinki's time, its moved time in UTC."""
    take(home, "c08e")
    assert screen(home, "2026-11-30") == ["30.11. 14:00 Jumppa siirtyi"]


@pytest.mark.parametrize(
    ("cancellation", "left"),
    [
        ("c09b", []),
        ("c09c", []),
        ("c09d", ["23.11. 10:00 Jumppa", "30.11. 14:00 Jumppa siirtyi"]),
    ],
)
def test_a_cancellation_takes_what_it_names(home: Home, cancellation: str, left: list[str]) -> None:
    """c09: the whole series with its moved times, or one time of it."""
    take(home, "c09a", cancellation)
    assert screen(home, *MONDAYS) == left


def test_an_older_version_does_not_replace_a_newer_one(home: Home) -> None:
    """c11: the newer stays, and the page says so."""
    result = take(home, "c11a", "c11b")
    assert [reason for _name, reason in result.problems] == [
        "an older version was left out: the newer one stays"
    ]
    assert screen(home, "2026-11-30") == ["30.11. 14:00 Lääkäri klo 14 (uusi)"]


def test_what_takes_too_long_is_ended(home: Home) -> None:
    """A worker that is late is ended; the next request has a fresh one."""
    worker = CalendarWorker(deadline_s=0.0)
    try:
        with pytest.raises(CannotExpand, match="too-slow"):
            worker.ask({"kind": "read", "content": ""})
        worker._deadline_s = 30.0
        with pytest.raises(CannotExpand, match=r"no-calendar|unreadable"):
            worker.ask({"kind": "read", "content": ""})
    finally:
        worker.stop()


def test_what_computes_too_long_ends_its_process() -> None:
    """Only the processor's time counts, however busy the desk is; the next request has a fresh process."""
    event = b"BEGIN:VEVENT\nUID:%d\nDTSTART:20310106T100000\nSUMMARY:X\nEND:VEVENT\n"
    events = b"".join(event % number for number in range(500))
    file = b64encode(b"BEGIN:VCALENDAR\n" + events + b"END:VCALENDAR\n").decode()
    worker = CalendarWorker(most_cpu_s=0.01, deadline_s=60.0)
    try:
        with pytest.raises(CannotExpand, match="too-slow"):
            worker.ask({"kind": "read", "content": file})
        worker._most_cpu_s = 30.0
        assert len(worker.ask({"kind": "read", "content": file})["events"]) == 500
    finally:
        worker.stop()


@pytest.mark.requirement("K4")
def test_the_horizon_moves_with_the_days(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """What repeats is known for sixty days, and again for sixty days the next morning."""
    take(home, "c08e")
    documents.refresh_resident(home.resident)
    assert occurrences_of(home.resident)[1] == "2027-01-19"
    monkeypatch.setattr(expansion, "localdate", lambda: date(2026, 11, 21))
    assert (renew_all(never()), renew_all(never())) == (1, 0)
    assert home.device.documents.get(name="calendar").body["known_until"] == "2027-01-20"


@pytest.mark.requirement("K21")
def test_a_row_that_cannot_be_drawn_is_marked_and_can_be_removed(desk: Client, home: Home) -> None:
    """Whatever is stored, the page is there, and so is the button that removes it."""
    poison = Appointment.objects.create(
        resident=home.resident, title="Poison", starts="9999-12-31T10:00", rule="FREQ=DAILY;INTERVAL=0"
    )
    Appointment.objects.filter(pk=poison.pk).update(occurrences=[{"starts": 7}])
    page = desk.get(f"/residents/{home.resident.pk}/calendar/")
    assert page.status_code == 200
    assert "it cannot be read" in page.content.decode()
    desk.post(f"/residents/{home.resident.pk}/calendar/{poison.pk}/remove/")
    assert not Appointment.objects.filter(pk=poison.pk).exists()


@pytest.mark.requirement("K21")
def test_a_sequence_that_is_no_number_is_a_remark(home: Home) -> None:
    """The series is there, and the line that makes no sense is listed."""
    file = (CASES / "c01-until-last-start-utc.ics").read_bytes()
    result = ical.ingest(file.replace(b"BEGIN:VEVENT", b"BEGIN:VEVENT\r\nSEQUENCE:"), home.resident)
    assert result.added == 1
    assert "SEQUENCE" in result.problems[0][1]
    assert len(screen(home, *MONDAYS)) == 2


@pytest.mark.requirement("K4")
def test_rows_that_cannot_be_read_hold_up_nothing_else(desk: Client, home: Home) -> None:
    """The other documents go out, each row can be removed, and no day is called empty meanwhile."""
    for stored in ([{"starts": 7}], ["x"], [{"starts": "2026-13-40T10:00", "ends": "", "time_zone": ""}]):
        poison = Appointment.objects.create(
            resident=home.resident, title="Poison", starts="2026-11-20T10:00", rule="FREQ=DAILY"
        )
        Appointment.objects.filter(pk=poison.pk).update(occurrences=stored, expanded_until="2027-01-19")
    documents.refresh_resident(home.resident)
    page = desk.get(f"/residents/{home.resident.pk}/calendar/").content.decode()
    assert page.count("it cannot be read") == 3
    Appointment.objects.filter(title="Poison").update(starts="2026-13-40T10:00")
    for pk in Appointment.objects.filter(title="Poison").values_list("pk", flat=True):
        assert desk.get(f"/residents/{home.resident.pk}/calendar/{pk}/").status_code == 200
    body = home.device.documents.get(name="calendar").body
    assert body["known_until"] < TODAY.isoformat()
    for pk in list(Appointment.objects.filter(title="Poison").values_list("pk", flat=True)):
        assert desk.post(f"/residents/{home.resident.pk}/calendar/{pk}/remove/").status_code == 302
    assert not Appointment.objects.filter(title="Poison").exists()


@pytest.mark.requirement("K21")
def test_a_file_is_followed_before_anything_is_written(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """However long its series take, nobody who stores help waits for them; there is an end to it all."""
    file = (CASES / "c01-until-last-start-utc.ics").read_bytes()
    before = Appointment.objects.count()
    with CaptureQueriesContext(connection) as queries:
        prepared = ical.prepare(file, home.resident)
    assert all(query["sql"].startswith("SELECT") for query in queries)
    assert Appointment.objects.count() == before
    assert prepared.store().added == 1
    monkeypatch.setattr(ical, "LONGEST_EXPANSION_S", -1.0)
    Appointment.objects.exclude(uid="").delete()
    result = ical.ingest(file, home.resident)
    assert result.added == 0
    assert "it takes too long to follow its repeats" in result.problems[0][1]


def test_what_took_too_long_is_tried_again(home: Home) -> None:
    """A busy night does not end a series for good."""
    take(home, "c01")
    Appointment.objects.exclude(uid="").update(problem="too-slow", expanded_until="2026-11-21")
    assert renew_all(never()) == 0
    retry_slow()
    assert renew_all(never()) == 1
    assert Appointment.objects.exclude(uid="").get().expanded_until == "2027-01-19"


def _values(*usual: str) -> st.SearchStrategy[str]:
    everything = ",".join(map(str, range(400)))
    return st.sampled_from([*usual, "", "0", "-1", "99999999999999999999", everything, "banana", "1.5"])


_PARTS = {
    "FREQ": _values("DAILY", "WEEKLY", "MONTHLY", "YEARLY", "SECONDLY", "HOURLY"),
    "INTERVAL": _values("1", "2"),
    "COUNT": _values("3"),
    "UNTIL": _values("20261201", "20261201T080000Z", "99991231T000000Z"),
    "BYSECOND": _values("1"),
    "BYMINUTE": _values("5"),
    "BYHOUR": _values("7"),
    "BYDAY": _values("MO", "-1FR", "6MO"),
    "BYMONTHDAY": _values("1", "-1", "31"),
    "BYYEARDAY": _values("100"),
    "BYWEEKNO": _values("20"),
    "BYMONTH": _values("2"),
    "BYSETPOS": _values("1"),
    "WKST": _values("SU"),
}
_DATES = st.sampled_from(
    ["20261123T100000", "20261123T080000Z", "20261123", "00010101T000000", "99991231T235959", "nonsense", ""]
)
_LINES = st.fixed_dictionaries(
    {},
    optional={
        "RDATE": _DATES,
        "EXDATE": _DATES,
        "DTEND": _DATES,
        "RECURRENCE-ID": _DATES,
        "DURATION": st.sampled_from(["PT1H", "-PT1H", "P99999D", "x"]),
        "SEQUENCE": _values("1"),
        "DTSTART;TZID=Customized Time Zone": _DATES,
    },
)


def _rules() -> Iterator[st.SearchStrategy[str]]:
    for name, value in _PARTS.items():
        yield value.map(lambda text, name=name: f"FREQ=DAILY;{name}={text}")  # type: ignore[misc]
    yield st.fixed_dictionaries({}, optional=_PARTS).map(
        lambda parts: ";".join(f"{name}={value}" for name, value in parts.items())
    )


@pytest.mark.requirement("K21")
@settings(max_examples=examples(150), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rule=st.one_of(*_rules()), starts=_DATES, lines=_LINES)
def test_any_file_is_taken_or_refused_and_the_device_can_read_what_follows(
    rule: str, starts: str, lines: dict[str, str]
) -> None:
    """Whatever a file says: an answer within bounds, and a document that the device accepts."""
    event = [f"DTSTART:{starts}", f"RRULE:{rule}", *(f"{name}:{value}" for name, value in lines.items())]
    text = "\r\n".join(
        ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:x", "BEGIN:VEVENT", "UID:u", *event, "SUMMARY:S"]
    )
    try:
        found = _worker.read_file(f"{text}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n".encode())
    except (ValueError, _worker.CannotRead):
        return
    for each in found["events"]:
        appointment = Appointment(
            pk=1, title="S", source={"master": each["text"], "zones": each["zones"], "changed": {}}
        )
        answer = _worker.expand(expansion.source_of(appointment), TODAY, date(2027, 1, 20))
        assert len(answer["occurrences"]) <= _worker.MOST_OCCURRENCES
        body = {"version": 1, "occurrences": [{"id": "1", **_clean(one)} for one in answer["occurrences"]]}
        read_document("calendar", msgspec.json.encode(body))


def _clean(one: dict[str, object]) -> dict[str, object]:
    return {name: value for name, value in one.items() if value not in ("", None)}


@pytest.mark.parametrize("content", [b"", b"hello", b"BEGIN:VCALENDAR", b"\xff\xfe\x00"])
def test_what_is_no_calendar_is_refused_in_words(home: Home, content: bytes) -> None:
    """No text of a program's reaches the nurse."""
    with pytest.raises(ValidationError) as refused:
        ical.ingest(content, home.resident)
    assert "Error" not in str(refused.value)
