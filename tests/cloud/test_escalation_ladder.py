"""The escalation alone: whatever fails and however late it runs, somebody is notified next, in time."""

from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cloud.help.escalation import (
    PARTNER,
    Asked,
    Attempt,
    Contact,
    Partner,
    Step,
    Tried,
    Way,
    next_step,
)
from cloud.help.hours import OfficeHours

pytestmark = [pytest.mark.requirement("K3"), pytest.mark.requirement("S1")]

HELSINKI = ZoneInfo("Europe/Helsinki")
HOURS = OfficeHours(time(8), time(16), HELSINKI)
NOON = datetime(2026, 6, 1, 9, tzinfo=UTC)
ASKED = Asked(NOON, is_answered=False, hours=HOURS)
BOTH = Partner("Partner", ("webhook", "email"))


def people(number: int) -> list[Contact]:
    """So many contacts, all with an address."""
    return [Contact(id=n, name=f"C{n}", office_phone=f"+{n}", email=f"{n}@x.fi") for n in range(number)]


def climb(
    contacts: list[Contact],
    partner: Partner,
    *,
    until_s: float = 900,
    works: Callable[[Attempt], bool] = lambda attempt: attempt.way != "none",
    late_s: Callable[[int], float] = lambda step: 0.0,
) -> list[tuple[float, Attempt]]:
    """What a runner does, and when in seconds; it comes late to each step by ``late_s`` of its number."""
    now, tried, done = NOON, list[Tried](), list[tuple[float, Attempt]]()
    while True:
        step = next_step(ASKED, contacts, partner, tried, now)
        assert step is not None
        now = max(now, step.due_at) + timedelta(seconds=late_s(len(done)))
        if (now - NOON).total_seconds() > until_s:
            return done
        done.append(((now - NOON).total_seconds(), step.attempt))
        tried.append(Tried(step.attempt, now, works(step.attempt)))


def words(done: list[tuple[float, Attempt]]) -> list[tuple[float, str, str]]:
    """Seconds, who, by which way."""
    return [(at, attempt.who, attempt.way) for at, attempt in done]


@pytest.mark.requirement("S3")
def test_contacts_each_minute_then_the_partner() -> None:
    """60 s: the first contact; 120 s: the second; 180 s: the partner, and again every five minutes."""
    assert words(climb(people(2), BOTH)) == [
        (60, "contact-0", "email"),
        (120, "contact-1", "email"),
        (180, "partner", "webhook"),
        (480, "partner", "webhook"),
        (780, "partner", "webhook"),
    ]


def test_further_contacts_go_on_after_the_partner() -> None:
    """The partner is notified after 180 s however many contacts there are, and all of them are."""
    done = words(climb(people(4), BOTH, until_s=400))
    assert [at for at, who, _ in done if who == PARTNER] == [180]
    assert [at for at, who, _ in done if who != PARTNER] == [60, 120, 180, 240]


def test_what_fails_costs_no_time() -> None:
    """A contact who cannot be notified is followed by the next at once, the last by the partner."""
    done = words(climb(people(2), BOTH, until_s=179, works=lambda attempt: attempt.who == PARTNER))
    assert done == [
        (60, "contact-0", "email"),
        (60, "contact-1", "email"),
        (60, "partner", "webhook"),
    ]


def test_a_failed_webhook_is_followed_by_mail_and_tried_again() -> None:
    """Mail goes out at once; the webhook is tried again after 5, 15 and 45 s."""
    done = words(climb(people(1), BOTH, until_s=400, works=lambda attempt: attempt.way == "email"))
    assert done[1:] == [
        (180, "partner", "webhook"),
        (180, "partner", "email"),
        (185, "partner", "webhook"),
        (200, "partner", "webhook"),
        (245, "partner", "webhook"),
    ]


def test_without_anybody_it_is_said_and_said_again() -> None:
    """No contacts and no partner: the log says so after a minute, and every five minutes."""
    assert words(climb([], Partner())) == [(at, "partner", "none") for at in (60, 360, 660)]


def test_a_lost_partner_brings_the_contacts_back() -> None:
    """A later round whose partner cannot be notified notifies the contacts again."""
    done = words(climb(people(2), Partner(), until_s=500))
    assert done[2:] == [
        (180, "partner", "none"),
        (480, "partner", "none"),
        (480, "contact-0", "email"),
        (480, "contact-1", "email"),
    ]


def test_an_answer_ends_it() -> None:
    """Nobody is notified of an answered request."""
    answered = Asked(NOON, is_answered=True, hours=HOURS)
    assert next_step(answered, people(2), BOTH, [], NOON + timedelta(hours=1)) is None


def test_a_clock_that_was_set_back_notifies_at_once() -> None:
    """A request "of tomorrow" does not wait until tomorrow."""
    now = NOON - timedelta(hours=1)
    step = next_step(ASKED, people(1), BOTH, [], now)
    assert step is not None
    assert step.due_at == now


CONTACTS = st.lists(st.booleans(), max_size=6).map(
    lambda mails: [
        Contact(id=n, name=f"C{n}", office_phone="+1", email="a@b.fi" if has else "")
        for n, has in enumerate(mails)
    ]
)
PARTNERS = st.builds(
    Partner,
    name=st.just("P"),
    ways=st.sampled_from([(), ("webhook",), ("email",), ("webhook", "email")]),
    again=st.integers(1, 60).map(lambda minutes: timedelta(minutes=minutes)),
)


@given(CONTACTS, PARTNERS, st.randoms(use_true_random=False))
def test_never_silently_over(contacts: list[Contact], partner: Partner, chance: object) -> None:
    """Whatever fails: no step repeats, everybody is notified once, the partner by 180 s, and it continues."""
    fate: dict[Attempt, bool] = {}

    def works(attempt: Attempt) -> bool:
        return fate.setdefault(attempt, attempt.way != "none" and chance.random() < 0.5)  # type: ignore[attr-defined]

    again_s = partner.again.total_seconds()
    done = climb(contacts, partner, until_s=200 + 60 * 7 + 3 * again_s, works=works)
    keys = [attempt.key for _, attempt in done]
    assert len(set(keys)) == len(keys)
    assert {attempt.who for _, attempt in done if attempt.round == 0} >= {contact.who for contact in contacts}
    firsts = [at for at, attempt in done if attempt.who == PARTNER]
    assert firsts[0] <= 180
    assert len({attempt.round for _, attempt in done if attempt.who == PARTNER}) >= 3
    assert all(later - earlier <= again_s for earlier, later in pairwise(firsts))


@given(CONTACTS, PARTNERS, st.lists(st.floats(0, 500), min_size=1, max_size=50))
def test_a_runner_that_was_away_catches_up(
    contacts: list[Contact], partner: Partner, late: list[float]
) -> None:
    """However late each step is done, none is skipped, and none is due before its time."""
    done = climb(contacts, partner, until_s=4_000, late_s=lambda step: late[step % len(late)])
    at = [seconds for seconds, _ in done]
    assert at == sorted(at)
    assert at[0] >= 60
    keys = [attempt.key for _, attempt in done]
    assert len(set(keys)) == len(keys)


INSTANTS = st.datetimes(datetime(2025, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001
WALL = st.times().map(lambda at: at.replace(second=0, microsecond=0))


@pytest.mark.requirement("S7")
@given(INSTANTS, WALL, WALL, st.sampled_from(["Europe/Helsinki", "America/New_York", "Australia/Lord_Howe"]))
def test_office_hours_are_the_residents_wall_clock(
    moment: datetime, opens: time, until: time, zone: str
) -> None:
    """Inside or outside is what a clock and a calendar on the resident's wall say."""
    hours = OfficeHours(opens, until, ZoneInfo(zone))
    wall = moment.astimezone(ZoneInfo(zone)).strftime("%H:%M:%S.%f")
    first, last = f"{opens:%H:%M}:00.000000", f"{until:%H:%M}:00.000000"
    day = moment.astimezone(ZoneInfo(zone)).isoweekday()
    if first < last or wall >= first:
        expected = day <= 5 and first <= wall and (first >= last or wall < last)
    else:
        # The night belongs to the day before.
        expected = wall < last and day in (2, 3, 4, 5, 6)
    assert hours.at(moment) == expected


@pytest.mark.requirement("S7")
@pytest.mark.parametrize(
    ("moment", "phone"),
    [
        # The clocks of Helsinki go forward on 2026-03-29 and back on 2026-10-25.
        (datetime(2026, 3, 27, 5, 59, tzinfo=UTC), "+2"),
        (datetime(2026, 3, 27, 6, 0, tzinfo=UTC), "+1"),
        (datetime(2026, 3, 30, 4, 59, tzinfo=UTC), "+2"),
        (datetime(2026, 3, 30, 5, 0, tzinfo=UTC), "+1"),
        (datetime(2026, 10, 26, 5, 0, tzinfo=UTC), "+2"),
        (datetime(2026, 10, 26, 6, 0, tzinfo=UTC), "+1"),
        (datetime(2026, 10, 26, 13, 59, tzinfo=UTC), "+1"),
        (datetime(2026, 10, 26, 14, 0, tzinfo=UTC), "+2"),
    ],
)
def test_the_number_changes_with_the_clocks(moment: datetime, phone: str) -> None:
    """Eight o'clock in Helsinki is eight o'clock, before and after the clocks change."""
    contact = Contact(id=1, name="C", office_phone="+1", other_phone="+2", email="a@b.fi")
    step = next_step(Asked(moment, False, HOURS), [contact], BOTH, [], moment + timedelta(seconds=61))
    assert isinstance(step, Step)
    # The call comes in a minute before the notification: the number is the one that holds then.
    assert contact.phone(HOURS, moment) == phone
    assert step.phone == contact.phone(HOURS, moment + timedelta(seconds=61))


def test_rungs_have_keys_of_their_own() -> None:
    """A step is unique by its round, recipient, channel and attempt."""
    ways: list[Way] = ["email", "webhook", "none"]
    rungs = {
        Attempt(r, who, way, attempt)
        for r in range(3)
        for who in ("contact-1", "contact-11", PARTNER)
        for way in ways
        for attempt in (1, 2)
    }
    assert len({attempt.key for attempt in rungs}) == len(rungs)
