"""Appointments by hand, and how they are listed."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from django.test import Client

from cloud.calendar import _worker, expansion, repeats
from cloud.calendar.models import Appointment
from tests.cloud.homes import Home

HELSINKI = ZoneInfo("Europe/Helsinki")


def save(desk: Client, home: Home, where: str = "new", **fields: str) -> str:
    """The page after the form was sent."""
    usual = {"title": "Fysioterapia", "day": "2031-05-02", "begins": "10:00", "finishes": "11:00"}
    return desk.post(
        f"/residents/{home.resident.pk}/calendar/{where}/", {**usual, **fields}, follow=True
    ).content.decode()


def saved() -> Appointment:
    return Appointment.objects.get(title="Fysioterapia")


def test_appointment_is_kept_as_wall_time_and_sent(desk: Client, home: Home) -> None:
    """What the nurse types is what the document says, to the minute."""
    save(desk, home, place="Kuntosali")
    sent = [each for each in home.device.documents.get(name="calendar").body["occurrences"] if each["place"]]
    assert sent[0]["starts"] == "2031-05-02T10:00"
    assert sent[0]["ends"] == "2031-05-02T11:00"


def test_whole_days_last_until_the_day_after(desk: Client, home: Home) -> None:
    """From Friday to Sunday ends on Monday, as calendars count."""
    save(desk, home, all_day="on", begins="", finishes="", last_day="2031-05-04")
    assert (saved().starts, saved().ends) == ("2031-05-02T00:00", "2031-05-05T00:00")


def test_weekly_until_a_day(desk: Client, home: Home) -> None:
    """A rule with its last day is one rule of the standard."""
    save(desk, home, repeats="FREQ=WEEKLY", repeats_until="2031-06-01")
    assert saved().rule == "FREQ=WEEKLY;UNTIL=20310601T235959"


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"title": ""}, "This field is required."),
        ({"day": "tomorrow"}, "Enter a valid date."),
        ({"begins": ""}, "When does it begin?"),
        ({"begins": "25:00"}, "Enter a valid time."),
        ({"finishes": "09:00"}, "It ends before it starts."),
        ({"repeats": "FREQ=WEEKLY", "repeats_until": "2030-01-01"}, "It stops repeating before it starts."),
        ({"title": "X" * 301}, "at most 300 characters"),
    ],
)
def test_mistakes_are_said_where_they_are(
    desk: Client, home: Home, fields: dict[str, str], words: str
) -> None:
    """Each mistake has its own words, and nothing is saved."""
    assert words in save(desk, home, **fields)
    assert Appointment.objects.count() == 1


def test_imported_rule_survives_an_edit(desk: Client, home: Home) -> None:
    """A rule too intricate for the form stays when only the title is changed."""
    home.appointment.rule = "FREQ=MONTHLY;BYDAY=2TU;UNTIL=20320101T000000Z"
    home.appointment.save()
    save(desk, home, str(home.appointment.pk), repeats="FREQ=MONTHLY;BYDAY=2TU", repeats_until="2032-01-01")
    assert saved().rule == "FREQ=MONTHLY;BYDAY=2TU;UNTIL=20320101T000000Z"


def test_removed_appointment_leaves_the_screen(desk: Client, home: Home) -> None:
    """What is removed is no longer in the document."""
    desk.post(f"/residents/{home.resident.pk}/calendar/{home.appointment.pk}/remove/")
    assert home.device.documents.get(name="calendar").body["occurrences"] == []


def next_of(rule: str, now: datetime, **fields: object) -> str:
    """When an appointment of Monday 6 January 2031, 10 to 11, comes next."""
    values = {"starts": "2031-01-06T10:00", "ends": "2031-01-06T11:00", "rule": rule, **fields}
    appointment = Appointment(**values)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(expansion, "localdate", now.date)
        expansion.expand(appointment)
    return expansion.next_start(appointment, HELSINKI, now)


def test_going_on_is_not_over() -> None:
    """Until its end an appointment is still the next one; then the following week is."""
    during, after = datetime(2031, 1, 6, 8, 30, tzinfo=UTC), datetime(2031, 1, 6, 9, 30, tzinfo=UTC)
    assert next_of("FREQ=WEEKLY", during) == "2031-01-06T10:00"
    assert next_of("FREQ=WEEKLY", after) == "2031-01-13T10:00"


def test_wall_time_stays_over_the_change_of_clocks() -> None:
    """Ten o'clock is ten o'clock in summer too."""
    now = datetime(2031, 7, 1, 12, tzinfo=UTC)
    assert next_of("FREQ=WEEKLY", now) == "2031-07-07T10:00"
    assert next_of("FREQ=WEEKLY", now, time_zone="Europe/Stockholm") == "2031-07-07T10:00"


def test_what_is_over_has_no_next_time_and_what_is_far_has() -> None:
    """After its last day a rule is over; a birthday beyond the horizon is not."""
    now = datetime(2031, 1, 7, tzinfo=UTC)
    assert not next_of("FREQ=WEEKLY;UNTIL=20310110T000000Z", now)
    assert not next_of("FREQ=WEEKLY;COUNT=1", now)
    assert next_of("FREQ=YEARLY", now) == "2032-01-06T10:00"


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ("", ""),
        ("FREQ=DAILY", "every day"),
        ("FREQ=WEEKLY;BYDAY=MO,WE", "every week: mon, wed"),
        ("FREQ=WEEKLY;INTERVAL=2", "every 2 weeks"),
        ("FREQ=YEARLY;UNTIL=20330101", "every year until 1 Jan 2033"),
        ("FREQ=MONTHLY;BYDAY=-1FR", "repeats"),
    ],
)
def test_rules_in_words(rule: str, words: str) -> None:
    """A simple rule is read out; an intricate one is only said to repeat."""
    assert repeats.in_words(rule) == words


@pytest.mark.parametrize(
    ("rule", "comes"),
    [
        ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29", True),
        ("FREQ=WEEKLY;UNTIL=20310101;COUNT=3", True),
        ("FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30", False),
        ("FREQ=MONTHLY;BYDAY=6MO", False),
        ("FREQ=YEARLY;INTERVAL=5000", True),
        ("FREQ=WEEKLY;BYDAY=XX", False),
        ("FREQ", False),
    ],
)
def test_rules_that_never_come_round_are_found_out(rule: str, comes: bool) -> None:
    """Whether a rule ever comes round is known without waiting for the year 9999."""
    assert _worker._happens(rule, datetime(2031, 1, 6, 10)) == comes  # noqa: DTZ001
