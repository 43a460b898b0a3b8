"""When messages go out: the table of the source system, and what holds at every hour of every zone."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from device.contract.message_times import Lead, Span, Window, message_span, reminder_span, verdict
from device.contract.wall_time import resolve_gap

HELSINKI = ZoneInfo("Europe/Helsinki")
WINDOW = Window()
NONE = timedelta()

zones = st.sampled_from(["Europe/Helsinki", "Europe/Copenhagen", "UTC", "America/St_Johns"]).map(ZoneInfo)
moments = st.integers(1_577_836_800, 2_051_222_400).map(lambda s: datetime.fromtimestamp(s, UTC))
leads = st.one_of(st.builds(Lead, minutes=st.integers(0, 20_000)), st.just(Lead(evening=True)))


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=HELSINKI)


@pytest.mark.requirement("M7")
@pytest.mark.parametrize(
    ("starts", "lead_min", "due"),
    [
        ("2026-11-28T06:00", 60, "2026-11-27T21:00"),
        ("2026-11-28T10:00", 12 * 60, "2026-11-27T21:00"),
        ("2026-11-28T10:00", 60, "2026-11-28T09:00"),
        ("2026-11-28T09:00", 60, "2026-11-28T08:00"),
        ("2026-11-28T08:59", 60, "2026-11-27T21:00"),
        ("2026-11-28T22:00", 60, "2026-11-28T21:00"),
        ("2026-11-28T23:30", 30, "2026-11-28T21:00"),
        ("2026-03-01T00:15", 30, "2026-02-28T21:00"),
    ],
)
def test_a_time_outside_the_window_moves_earlier(starts: str, lead_min: int, due: str) -> None:
    """The last allowed minute before it, if need be on the day before."""
    span = reminder_span(local(starts), Lead(minutes=lead_min), WINDOW, NONE)
    assert span.due_at == local(due)


@pytest.mark.requirement("M6")
def test_a_day_before_is_the_same_time_of_the_day_before() -> None:
    """Also over the night in which the clocks change; an hour before is an hour."""
    starts = local("2026-03-29T10:00")
    assert Lead(minutes=24 * 60).before(starts) == local("2026-03-28T10:00")
    assert Lead(minutes=60).before(local("2026-03-29T04:30")) == local("2026-03-29T02:30")
    assert Lead(evening=True).before(starts) == local("2026-03-28T18:00")


@pytest.mark.requirement("M7")
@given(moments, zones, leads)
def test_a_reminder_is_never_later_than_its_lead_and_always_within_the_window(
    moment: datetime, zone: ZoneInfo, lead: Lead
) -> None:
    """Whatever the hour, the zone and the change of clocks; by less than a day and the hours of a night."""
    starts = moment.astimezone(zone)
    span = reminder_span(starts, lead, WINDOW, NONE)
    assert span.due_at <= lead.before(starts) <= starts
    assert lead.before(starts) - span.due_at < timedelta(hours=13)
    assert WINDOW.allows(span.due_at)


@pytest.mark.requirement("M3")
@given(moments, zones, leads, st.integers(-3000, 3000))
def test_a_reminder_goes_out_up_to_the_minute_of_its_appointment_and_not_after(
    moment: datetime, zone: ZoneInfo, lead: Lead, minutes: int
) -> None:
    """From its time on, while the window is open; never once the appointment has begun."""
    starts = resolve_gap(moment.astimezone(zone))
    span = reminder_span(starts, lead, WINDOW, NONE)
    now = starts + timedelta(minutes=minutes)
    found = verdict(span, WINDOW, zone, now)
    assert (found == "over") == (now >= starts + timedelta(minutes=1))
    if found == "now":
        assert now >= span.due_at
        assert WINDOW.allows(now.astimezone(zone))


@pytest.mark.requirement("M4")
def test_another_message_goes_out_at_most_a_day_late() -> None:
    """A message without an appointment expires a day after it was due."""
    wanted = local("2026-11-28T10:00")
    span = message_span(wanted)
    assert verdict(span, WINDOW, HELSINKI, wanted + timedelta(hours=23, minutes=59)) == "now"
    assert verdict(span, WINDOW, HELSINKI, wanted + timedelta(hours=24)) == "over"


@pytest.mark.requirement("M8")
def test_after_an_outage_nothing_goes_out_outside_the_window() -> None:
    """It waits for the window; where that is too late it is over."""
    span = reminder_span(local("2026-11-28T07:00"), Lead(minutes=60), WINDOW, NONE)
    assert span.due_at == local("2026-11-27T21:00")
    assert verdict(span, WINDOW, HELSINKI, local("2026-11-28T03:00")) == "outside"
    assert verdict(span, WINDOW, HELSINKI, local("2026-11-28T07:01")) == "over"
    at_any_hour = reminder_span(local("2026-11-28T07:00"), Lead(minutes=60), None, NONE)
    assert verdict(at_any_hour, None, HELSINKI, local("2026-11-28T06:00")) == "now"


@pytest.mark.requirement("K6")
def test_what_asks_for_an_answer_may_be_shown_while_it_is_waited_for() -> None:
    """The morning tablets at eight, where a call held them up for ten minutes."""
    starts = local("2026-11-28T08:00")
    span = reminder_span(starts, Lead(), WINDOW, timedelta(minutes=30))
    assert verdict(span, WINDOW, HELSINKI, starts + timedelta(minutes=10)) == "now"
    assert verdict(span, WINDOW, HELSINKI, starts + timedelta(minutes=30)) == "over"


@given(moments, st.integers(0, 100_000), st.integers(0, 100_000))
def test_a_verdict_never_goes_back_to_early_while_time_goes_on(
    moment: datetime, first_s: int, more_s: int
) -> None:
    """What is over stays over, and what was due is never early again."""
    span = Span(due_at=moment, until=moment + timedelta(hours=12))
    order = {"early": 0, "outside": 1, "now": 1, "over": 2}
    before = moment - timedelta(hours=6) + timedelta(seconds=first_s)
    after = before + timedelta(seconds=more_s)
    found = [order[verdict(span, WINDOW, HELSINKI, each)] for each in (before, after)]
    assert found == sorted(found)
