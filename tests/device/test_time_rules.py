from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from device.contract.documents import Cafe, Occurrence
from device.contract.hours import OpeningHours
from device.contract.wall_time import at
from device.rules.agenda import day
from device.rules.cafe import current_or_next, openings
from device.rules.local_time import day_span, is_within

HELSINKI = ZoneInfo("Europe/Helsinki")
ZONES = st.sampled_from(["Europe/Helsinki", "Europe/Stockholm", "Atlantic/Azores", "Asia/Kathmandu", "UTC"])
DAYS = st.dates(date(2020, 1, 1), date(2035, 12, 31))
WALL_TIMES = st.times().map(lambda time: time.strftime("%H:%M"))


@pytest.mark.requirement("V6")
def test_a_time_that_does_not_exist_moves_on_by_the_gap() -> None:
    """Helsinki has no 03:30 on 28 March 2027."""
    assert at(date(2027, 3, 28), "03:30", HELSINKI).strftime("%H:%M %z") == "04:30 +0300"


@pytest.mark.requirement("V6")
def test_a_time_that_exists_twice_is_the_first() -> None:
    """Helsinki has 03:30 twice on 25 October 2026."""
    assert at(date(2026, 10, 25), "03:30", HELSINKI).astimezone(UTC).hour == 0


@given(DAYS, ZONES)
def test_a_day_lasts_from_midnight_to_midnight(on: date, zone: str) -> None:
    """23, 24 or 25 hours, and the next day begins where it ends."""
    starts, ends = day_span(on, ZoneInfo(zone))
    assert day_span(on + timedelta(days=1), ZoneInfo(zone))[0] == ends
    assert timedelta(hours=22) < ends.astimezone(UTC) - starts.astimezone(UTC) < timedelta(hours=26)


@given(WALL_TIMES, WALL_TIMES, WALL_TIMES)
def test_a_span_and_its_complement_share_the_day(wall: str, start: str, end: str) -> None:
    """Every minute lies in exactly one of the two, also over midnight."""
    if start != end:
        assert is_within(wall, start, end) != is_within(wall, end, start)


def occurrence(**fields: object) -> Occurrence:
    return Occurrence(**{"id": "a", "title": "Jumppa", "starts": "2026-11-21T10:00", **fields})  # type: ignore[arg-type]


def starts_on(on: date, one: Occurrence, zone: ZoneInfo = HELSINKI) -> list[str]:
    return [each.starts.strftime("%d %H:%M") for each in day([one], on, zone)]


@pytest.mark.requirement("V6")
def test_an_occurrence_keeps_its_wall_time_across_dst() -> None:
    """Ten o'clock is ten o'clock in March and in April."""
    for starts, shown in (("2027-03-22T10:00", "22 10:00"), ("2027-03-29T10:00", "29 10:00")):
        assert starts_on(date.fromisoformat(starts[:10]), occurrence(starts=starts)) == [shown]


def test_a_night_that_began_yesterday_is_still_there() -> None:
    """What goes on at midnight belongs to both days."""
    night = occurrence(starts="2026-11-20T22:00", ends="2026-11-21T06:00")
    assert starts_on(date(2026, 11, 21), night) == ["20 22:00"]
    assert starts_on(date(2026, 11, 22), night) == []


def test_an_all_day_appointment_ends_with_its_day() -> None:
    """A birthday is not on the screen the day after."""
    birthday = occurrence(starts="2026-11-21T00:00", ends="2026-11-22T00:00", all_day=True)
    assert len(starts_on(date(2026, 11, 21), birthday)) == 1
    assert starts_on(date(2026, 11, 22), birthday) == []


def test_an_appointment_of_another_zone_is_shown_by_the_residents_clock() -> None:
    """Stockholm's ten o'clock is eleven in Helsinki."""
    call = occurrence(time_zone="Europe/Stockholm")
    assert starts_on(date(2026, 11, 21), call) == ["21 11:00"]


@pytest.mark.requirement("V25")
def test_the_cafe_is_open_over_midnight() -> None:
    """From ten in the evening until two in the morning is one opening."""
    cafe = Cafe(hours=[OpeningHours(days=[6], opens="22:00", closes="02:00")])
    sunday_at_one = datetime(2026, 11, 22, 1, 0, tzinfo=HELSINKI)
    opening = current_or_next(cafe, sunday_at_one, HELSINKI)
    assert opening
    assert opening.opens <= sunday_at_one < opening.closes


@pytest.mark.requirement("V25")
def test_no_opening_begins_on_a_closed_day() -> None:
    """A holiday is closed, the day after is not."""
    cafe = Cafe(hours=[OpeningHours(days=[1, 2], opens="13:00", closes="15:00")], closed_on=["2026-11-23"])
    assert [each.opens.day for each in openings(cafe, date(2026, 11, 23), 2, HELSINKI)] == [24]


@pytest.mark.requirement("V25")
@given(st.datetimes(datetime(2026, 1, 1), datetime(2028, 1, 1)), WALL_TIMES, WALL_TIMES, ZONES)  # noqa: DTZ001
def test_the_opening_found_lasts_or_comes(naive: datetime, opens: str, closes: str, zone: str) -> None:
    """A café that opens every day is always open or about to open within a day or two."""
    now, cafe = (
        naive.replace(tzinfo=UTC),
        Cafe(hours=[OpeningHours(days=[1, 2, 3, 4, 5, 6, 7], opens=opens, closes=closes)]),
    )
    opening = current_or_next(cafe, now, ZoneInfo(zone))
    assert opening
    assert opening.closes > now
    assert opening.opens - now < timedelta(days=2)
