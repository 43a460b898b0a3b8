"""Who is on duty by a calendar file: read within bounds, by name, across clock changes (S5)."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from django.utils.timezone import localdate
from hypothesis import given
from hypothesis import strategies as st

from cloud.calendar.ical import LARGEST_BYTES
from cloud.partner import on_duty, rota_calendar
from cloud.partner.models import Rota, RotaCalendar, RotaPerson, RotaShift, RotaSpan
from cloud.partner.rota import QUARTER, holes, span_of
from tests.cloud.homes import Home

pytestmark = [pytest.mark.requirement("S5"), pytest.mark.postgresql]

HELSINKI = ZoneInfo("Europe/Helsinki")
WALL = st.datetimes(datetime(2026, 3, 27), datetime(2026, 3, 31)) | st.datetimes(  # noqa: DTZ001
    datetime(2026, 10, 23),  # noqa: DTZ001
    datetime(2026, 10, 27),  # noqa: DTZ001
)


@pytest.fixture
def own(home: Home) -> Rota:
    """A rota of two people without any shift."""
    rota = Rota.objects.get(organisation=home.organisation)
    RotaShift.objects.all().delete()
    RotaPerson.objects.all().delete()
    for name in ("Anna Mäki", "Ben Berg"):
        address = f"{name.split()[0].lower()}@example.org"
        RotaPerson.objects.create(rota=rota, name=name, phone="+358401234567", email=address)
    return rota


def event(title: str, starts: str, ends: str, *more: str, uid: str = "") -> str:
    """One event; its times are walls of Helsinki, days from today (``+1T22:00``)."""
    times = [f"DTSTART;TZID=Europe/Helsinki:{_at(starts)}", f"DTEND;TZID=Europe/Helsinki:{_at(ends)}"]
    lines = ["BEGIN:VEVENT", f"UID:{uid or title}", "DTSTAMP:20260101T000000Z", *times, f"SUMMARY:{title}"]
    return "\r\n".join([*lines, *more, "END:VEVENT"])


def _at(text: str) -> str:
    day, clock = text.split("T")
    return f"{localdate() + timedelta(days=int(day)):%Y%m%d}T{clock.replace(':', '')}00"


def import_file(desk: Client, home: Home, *events: str, content: bytes = b"") -> str:
    """Brings the file to the desk; the page that follows."""
    text = "\r\n".join(["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:x", *events, "END:VCALENDAR", ""])
    file = SimpleUploadedFile("rota.ics", content or text.encode())
    page = f"/partner/rota/{home.organisation.pk}/calendar/"
    return desk.post(page, {"file": file}, follow=True).content.decode()


def on_duty_at(own: Rota, text: str) -> list[str]:
    """Who is on duty at this wall time."""
    moment = datetime.strptime(_at(text), "%Y%m%dT%H%M%S").replace(tzinfo=HELSINKI)
    return [person.name for person in on_duty.people_at(Rota.objects.get(pk=own.pk), moment)]


def test_a_file_says_who_is_on_duty(desk: Client, home: Home, own: Rota) -> None:
    """Series with an exchanged night, by name or address, also within a title."""
    nights = event("On call: Anna Mäki", "+0T20:00", "+1T08:00", "RRULE:FREQ=DAILY;COUNT=30", uid="n")
    other = event(
        "ben@example.org",
        "+2T20:00",
        "+3T08:00",
        f"RECURRENCE-ID;TZID=Europe/Helsinki:{_at('+2T20:00')}",
        uid="n",
    )
    days = event("BEN BERG", "+0T08:00", "+0T20:00", "RRULE:FREQ=DAILY;COUNT=30")
    shown = import_file(desk, home, nights, other, days)
    assert "The calendar file is in use." in shown
    assert "rota.ics" in shown
    assert on_duty_at(own, "+1T19:59") == ["Ben Berg"]
    assert on_duty_at(own, "+1T20:00") == on_duty_at(own, "+2T07:59") == ["Anna Mäki"]
    assert on_duty_at(own, "+2T22:00") == ["Ben Berg"]
    assert on_duty_at(own, "+31T12:00") == []
    assert on_duty.holes_ahead(own, timezone.now() + timedelta(days=1)) == []
    assert on_duty.holes_ahead(own, timezone.now() + timedelta(days=28))


def test_somebody_unknown_is_named_and_leaves_a_hole(desk: Client, home: Home, own: Rota) -> None:
    """A person without a number is never on duty silently; once added with one, they are."""
    shown = import_file(
        desk, home, event("Anna Mäki", "+1T08:00", "+1T20:00"), event("Cilla Ek", "+1T20:00", "+2T08:00")
    )
    assert "Cilla Ek: nobody on the rota has this name" in shown
    assert on_duty_at(own, "+1T22:00") == []
    person = {"name": "Cilla Ek", "phone": "040 123 4569", "email": "cilla@example.org"}
    desk.post(f"/partner/rota/{home.organisation.pk}/people/new/", person)
    assert on_duty_at(own, "+1T22:00") == ["Cilla Ek"]
    assert "Cilla Ek: nobody" not in desk.get(f"/partner/rota/{home.organisation.pk}/").content.decode()


def test_a_file_takes_the_place_of_the_one_before(desk: Client, home: Home, own: Rota) -> None:
    """One that cannot be used changes nothing and says why; what was cancelled is no shift."""
    import_file(desk, home, event("Anna Mäki", "+1T08:00", "+1T20:00"))
    for words, content in (
        ("This is not a calendar file that can be used", b"PK\x03\x04 no calendar"),
        ("at most 2 MB", b"x" * (LARGEST_BYTES + 1)),
        ("nobody is on duty", b""),
    ):
        assert words in import_file(desk, home, event("Somebody", "+1T08:00", "+1T20:00"), content=content)
        assert on_duty_at(own, "+1T12:00") == ["Anna Mäki"]
    gone = event("Anna Mäki", "+1T08:00", "+1T20:00", "STATUS:CANCELLED")
    import_file(desk, home, gone, event("Ben Berg", "+1T12:00", "+1T14:00"))
    assert on_duty_at(own, "+1T12:00") == ["Ben Berg"]
    assert on_duty_at(own, "+1T15:00") == []
    desk.post(f"/partner/rota/{home.organisation.pk}/calendar/remove/")
    assert not RotaSpan.objects.exists()


@pytest.mark.requirement("K21")
def test_a_file_stays_within_bounds(desk: Client, home: Home, own: Rota) -> None:
    """More shifts than anybody works are cut off, and the page says so."""
    shown = import_file(
        desk,
        home,
        *(event("Anna Mäki", "+0T08:00", "+0T09:00", "RRULE:FREQ=DAILY", uid=f"u{n}") for n in range(35)),
    )
    assert "there are more than 2000 shifts in two months" in shown
    assert RotaSpan.objects.count() == rota_calendar.MOST_SPANS


def test_a_series_goes_on_beyond_the_horizon(desk: Client, home: Home, own: Rota) -> None:
    """The file is expanded again day by day, without a new import."""
    import_file(desk, home, event("Anna Mäki", "+0T08:00", "+0T20:00", "RRULE:FREQ=DAILY"))
    RotaSpan.objects.filter(starts_at__gt=timezone.now() + timedelta(days=5)).delete()
    RotaCalendar.objects.update(expanded_until=localdate() + timedelta(days=5))
    rota_calendar.renew_due()
    assert on_duty_at(own, "+50T12:00") == ["Anna Mäki"]


@given(
    WALL,
    st.timedeltas(timedelta(minutes=1), timedelta(hours=30)),
    st.timedeltas(timedelta(), timedelta(hours=3)),
)
def test_shifts_that_follow_each_other_leave_no_hole(
    first: datetime, length: timedelta, other: timedelta
) -> None:
    """On whatever minute one hands over to the next, also while the clocks change."""
    middle, end = first + length, first + length + other + QUARTER
    moments = [each.replace(tzinfo=HELSINKI) for each in (first, middle, end)]
    spans = [span_of(1, moments[0], moments[1]), span_of(2, moments[1], moments[2])]
    since, until = (max(moments[0].astimezone(UTC), spans[0].starts_at), moments[2].astimezone(UTC))
    assert holes(spans, HELSINKI, since, until) == []
