"""Leaving is not ending: who sits at the table, and when the session is over."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cloud.cafe.sessions import (
    SEATS_AT_MOST,
    AskStillHere,
    Effect,
    Ended,
    EndForAll,
    Event,
    Gone,
    Join,
    Leave,
    LineLost,
    Mute,
    Muted,
    Reason,
    Refused,
    Rules,
    SayClosing,
    Seated,
    Session,
    ShowOut,
    StillHere,
    Tick,
    next_look_s,
    step,
)

pytestmark = pytest.mark.requirement("V24")

CLOSES_S = 7200.0
PEOPLE = ["host", "second", "aino", "bo"]


def session_of(*people: str, **rules: Any) -> Session:
    hosts = frozenset({"host", "second"})
    return played(Session(Rules(hosts, CLOSES_S, **rules)), *[(0.0, Join(person)) for person in people])[0]


def played(session: Session, *events: tuple[float, Event]) -> tuple[Session, list[Effect]]:
    effects: list[Effect] = []
    for at_s, event in events:
        session, more = step(session, event, at_s)
        effects += more
    return session, effects


def test_a_host_who_leaves_ends_nothing_unless_it_is_set() -> None:
    """Without the setting the others stay at the table."""
    session, effects = played(session_of("host", "aino"), (5.0, Leave("host")))
    assert effects == [Gone("host", Reason.LEFT)]
    assert session.ended is None
    assert set(session.seats) == {"aino"}


def test_with_the_setting_only_the_last_host_ends_it() -> None:
    """The first of two hosts goes alone; with the second everybody is released."""
    session = session_of("host", "second", "aino", ends_when_hosts_leave=True)
    session, effects = played(session, (5.0, Leave("host")))
    assert effects == [Gone("host", Reason.LEFT)]
    session, effects = played(session, (6.0, Leave("second")))
    assert effects == [Gone("second", Reason.LEFT), Gone("aino", Reason.HOST_LEFT), Ended(Reason.HOST_LEFT)]


def test_a_hosts_lost_line_has_one_minute_while_others_come_and_go() -> None:
    """The minute is counted from the first loss; joins or a second report do not restart it."""
    session = session_of("host", "aino", ends_when_hosts_leave=True)
    session, effects = played(
        session, (10.0, LineLost("host")), (40.0, Join("bo")), (50.0, LineLost("host")), (69.9, Leave("bo"))
    )
    assert Ended(Reason.HOST_LEFT) not in effects
    assert next_look_s(session) == pytest.approx(70.0)
    _, effects = played(session, (70.0, Tick()))
    assert effects == [
        Gone("host", Reason.LINE_LOST),
        Gone("aino", Reason.HOST_LEFT),
        Ended(Reason.HOST_LEFT),
    ]


def test_a_host_who_comes_back_within_the_minute_keeps_it_open() -> None:
    """A line that dropped is not somebody who left."""
    session = session_of("host", "aino", ends_when_hosts_leave=True)
    session, effects = played(session, (10.0, LineLost("host")), (60.0, Join("host")), (500.0, Tick()))
    assert effects == [Seated("host")]
    assert set(session.seats) == {"host", "aino"}


@pytest.mark.requirement("V21")
def test_who_does_not_answer_within_a_minute_is_taken_from_the_table() -> None:
    """After the default length each is asked; who answers stays, who does not leaves."""
    session, effects = played(session_of("aino", "bo", asks_after_s=1800.0), (1800.0, Tick()))
    assert effects == [AskStillHere("aino", 1860.0), AskStillHere("bo", 1860.0)]
    session, effects = played(session, (1830.0, StillHere("aino")), (1860.0, Tick()))
    assert effects == [Gone("bo", Reason.NO_ANSWER)]
    assert next_look_s(session) == pytest.approx(1830.0 + 1800.0)


def test_it_closes_at_its_hour_with_a_word_five_minutes_before() -> None:
    """The word is said once; at the hour everybody is released, and nobody comes in."""
    session, effects = played(session_of("aino", asks_after_s=9e9), (6900.0, Tick()), (6950.0, Tick()))
    assert effects == [SayClosing(CLOSES_S)]
    session, effects = played(session, (7200.0, Tick()), (7201.0, Join("bo")))
    assert effects == [Gone("aino", Reason.CLOSED), Ended(Reason.CLOSED), Refused("bo", Reason.CLOSED)]
    assert next_look_s(session) is None


def test_only_a_host_at_the_table_mutes_shows_out_and_ends() -> None:
    """Residents and hosts who are not there have no power over the table."""
    session = session_of("host", "aino", "bo")
    for by in ("aino", "second", "stranger"):
        assert played(session, (1.0, Mute(by)), (1.0, ShowOut(by, "bo")), (1.0, EndForAll(by)))[1] == []
    assert played(session, (1.0, Mute("host")))[1] == [Muted("aino"), Muted("bo")]
    assert played(session, (1.0, Mute("host", "bo")))[1] == [Muted("bo")]
    session, effects = played(session, (1.0, ShowOut("host", "bo")), (2.0, Join("bo")))
    assert effects == [Gone("bo", Reason.SHOWN_OUT), Refused("bo", Reason.SHOWN_OUT)]
    assert Ended(Reason.ENDED_FOR_ALL) in played(session, (3.0, EndForAll("host")))[1]


def test_the_table_has_so_many_seats_and_no_more() -> None:
    """A crowd at the door is refused, and somebody seated can still come back."""
    session = session_of(*[f"guest {number}" for number in range(SEATS_AT_MOST)])
    _, effects = played(session, (1.0, Join("late")), (1.0, LineLost("guest 7")), (2.0, Join("guest 7")))
    assert effects == [Refused("late", Reason.FULL), Seated("guest 7")]


people = st.sampled_from(PEOPLE)
events: st.SearchStrategy[Event] = st.one_of(
    st.builds(Join, people),
    st.builds(Leave, people),
    st.builds(LineLost, people),
    st.builds(StillHere, people),
    st.builds(Mute, people, st.none() | people),
    st.builds(ShowOut, people, people),
    st.builds(EndForAll, people),
    st.just(Tick()),
)


@given(st.booleans(), st.lists(st.tuples(st.floats(0.0, 400.0), events), max_size=60))
def test_whatever_happens_everybody_let_in_is_let_go_once(
    ends_with_hosts: bool, events: list[tuple[float, Event]]
) -> None:
    """Seats are exactly those let in and not gone, it ends once, and time never has old work left."""
    session, now_s = session_of(ends_when_hosts_leave=ends_with_hosts, asks_after_s=900.0), 0.0
    inside: set[str] = set()
    endings = 0
    for after_s, event in [*events, (CLOSES_S, Tick())]:
        now_s += after_s
        session, effects = step(session, event, now_s)
        for effect in effects:
            if isinstance(effect, Seated):
                inside.add(effect.person)
            elif isinstance(effect, Gone):
                inside.remove(effect.person)
            endings += isinstance(effect, Ended)
        assert inside == set(session.seats)
        look_s = next_look_s(session)
        assert look_s is None or look_s > now_s
        assert (session.ended is not None) == (endings == 1)
    assert session.ended is not None
    assert not inside
