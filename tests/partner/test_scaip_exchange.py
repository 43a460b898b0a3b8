"""One alarm over two servers: never falsely confirmed, and the second asked within ten seconds."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cloud.partner.exchange import (
    LONGEST_S,
    Answered,
    Dialect,
    Event,
    Exchange,
    Outcome,
    Responded,
    TimePassed,
    step,
)
from cloud.partner.scaip import Answer

pytestmark = pytest.mark.requirement("K12")

FIRST, SECOND = "sip:first", "sip:second"


def begun(dialect: Dialect = Dialect.OWN_MESSAGE) -> Exchange:
    """A message that went to the first server at second 0."""
    return Exchange("r1", (FIRST, SECOND), dialect, 0.0)


def test_an_accepted_message_is_not_yet_a_received_one() -> None:
    """200 OK is the server's word; the centre's is its answer."""
    exchange, again = step(begun(), Responded(FIRST, 200, "OK"), 0.1)
    assert (exchange.outcome, again) == (Outcome.OPEN, False)
    exchange, _ = step(exchange, Answered(Answer("r1", 0)), 0.2)
    assert exchange.outcome == Outcome.RECEIVED


def test_a_silent_first_server_is_followed_by_the_second() -> None:
    """Four seconds, then the second; it may still confirm."""
    exchange, again = step(begun(), TimePassed(), 3.9)
    assert not again
    exchange, again = step(exchange, TimePassed(), 4.0)
    assert again
    assert exchange.server == SECOND


@pytest.mark.parametrize(
    "refusal",
    [Responded(FIRST, 503, "Unavailable"), Responded(FIRST, 404, "No"), Answered(Answer("r1", 6, "busy"))],
)
def test_a_refusal_costs_no_time(refusal: Event) -> None:
    """A busy or a missing centre is followed by the next server at once, and the reason is kept."""
    exchange, again = step(begun(), refusal, 0.1)
    assert again
    assert exchange.server == SECOND
    assert exchange.reason


def test_in_the_dialect_of_responses_a_bare_ok_is_no_answer() -> None:
    """There the answer has to be in the response."""
    _, again = step(begun(Dialect.IN_RESPONSE), Responded(FIRST, 200, "OK"), 0.1)
    assert again
    body = "<mrs><ref>r1</ref><snu>0</snu></mrs>"
    exchange, _ = step(begun(Dialect.IN_RESPONSE), Responded(FIRST, 200, "OK", body), 0.1)
    assert exchange.outcome == Outcome.RECEIVED


EVENTS = st.one_of(
    st.builds(
        Responded,
        st.sampled_from([FIRST, SECOND, "sip:stranger"]),
        st.integers(100, 699),
        st.just("x"),
        st.sampled_from(
            ["", "junk", "<mrs><ref>other</ref><snu>0</snu></mrs>", "<mrs><ref>r1</ref><snu>4</snu></mrs>"]
        ),
    ),
    st.builds(Answered, st.builds(Answer, st.sampled_from(["r1", "other"]), st.integers(1, 9))),
    st.just(TimePassed()),
)


@given(st.sampled_from(Dialect), st.lists(st.tuples(EVENTS, st.floats(0.01, 3)), max_size=60))
def test_nothing_but_status_0_for_this_message_confirms_it(
    dialect: Dialect, events: list[tuple[Event, float]]
) -> None:
    """Foreign, late, refused or garbled: the exchange ends as failed within its time, never as received."""
    exchange, now_s, sends = begun(dialect), 0.0, 1
    for event, after_s in events:
        now_s += after_s
        for each in (event, TimePassed()):
            exchange, again = step(exchange, each, now_s)
            sends += again
        assert exchange.outcome != Outcome.RECEIVED
    assert sends <= 4
    for _ in range(4):
        now_s += 4.1
        exchange, _again = step(exchange, TimePassed(), now_s)
    assert exchange.outcome == Outcome.FAILED
    assert LONGEST_S == 16


@given(st.lists(EVENTS, max_size=20))
def test_what_is_settled_stays_settled(events: list[Event]) -> None:
    """The same answer twice, and anything later, changes nothing."""
    exchange, _ = step(begun(), Answered(Answer("r1", 0)), 0.1)
    for event in [Answered(Answer("r1", 0)), *events]:
        assert step(exchange, event, 60) == (exchange, False)
