"""When a reminder goes out: the source system's own table, and what holds for every time and zone (M7)."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from device.contract.reminders import send_at

pytestmark = pytest.mark.requirement("M7")

HELSINKI = ZoneInfo("Europe/Helsinki")
ZONES = st.sampled_from(
    ["Europe/Helsinki", "Europe/Copenhagen", "Atlantic/Reykjavik", "America/St_Johns", "Australia/Lord_Howe"]
).map(ZoneInfo)
MOMENTS = st.datetimes(datetime.fromisoformat("2025-01-01"), datetime.fromisoformat("2030-01-01"))


def helsinki(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=HELSINKI)


@pytest.mark.parametrize(
    ("starts", "lead_h", "expected"),
    [
        ("2026-11-24T06:00", 1, "2026-11-23T21:00"),
        ("2026-11-24T10:00", 12, "2026-11-23T21:00"),
        ("2026-11-24T10:00", 1, "2026-11-24T09:00"),
        ("2026-11-24T09:00", 1, "2026-11-24T08:00"),
        ("2026-11-24T23:30", 1, "2026-11-24T21:00"),
        ("2026-11-24T22:00", 1, "2026-11-24T21:00"),
        ("2026-11-24T00:00", 1, "2026-11-23T21:00"),
    ],
)
def test_the_table_of_the_window(starts: str, lead_h: int, expected: str) -> None:
    """Outside 8 to 21 it goes out earlier."""
    assert send_at(helsinki(starts), timedelta(hours=lead_h)) == helsinki(expected)


def test_the_hour_that_is_left_out_in_spring_is_a_whole_hour_of_lead() -> None:
    """The clock jumps from 3 to 4: six hours before ten o'clock are six hours."""
    starts = helsinki("2026-03-29T10:00")
    assert starts.astimezone(UTC) - send_at(starts, timedelta(hours=2)).astimezone(UTC) == timedelta(hours=2)
    assert send_at(starts, timedelta(hours=6)) == helsinki("2026-03-28T21:00")


@given(MOMENTS, st.integers(1, 10_080), ZONES)
def test_never_later_and_never_outside_the_window(wall: datetime, lead_min: int, zone: ZoneInfo) -> None:
    """In every zone, over every change of clocks; and never more than a night earlier than asked."""
    starts = wall.replace(tzinfo=zone).astimezone(UTC).astimezone(zone)
    lead = timedelta(minutes=lead_min)
    at = send_at(starts, lead)
    earlier = (starts.astimezone(UTC) - lead) - at.astimezone(UTC)
    assert timedelta(0) <= earlier <= timedelta(hours=12)
    assert time(8) <= at.time() <= time(21)


def test_a_start_without_a_zone_is_refused() -> None:
    """Nobody guesses in which zone somebody lives."""
    with pytest.raises(ValueError, match="no time zone"):
        send_at(datetime.fromisoformat("2026-11-24T10:00"), timedelta(hours=1))
