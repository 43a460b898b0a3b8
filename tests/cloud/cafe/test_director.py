"""Who is shown large at the café's table."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cloud.cafe.director import Event, Joined, Left, Silent, Speaks, Table, Tick, next_look_s, step

pytestmark = pytest.mark.requirement("V24")

PEOPLE = ["aino", "bo", "carla"]


def played(*events: tuple[float, Event], table: Table | None = None) -> Table:
    table = table or Table()
    for at_s, event in events:
        table = step(table, event, at_s)
    return table


def seated(*people: str) -> Table:
    return played(*[(0.0, Joined(person)) for person in people])


def test_one_who_interrupts_is_shown_after_half_a_second() -> None:
    """One who interrupts is shown after half a second of speech."""
    table = played((9.0, Speaks("aino")), (10.0, Speaks("bo")), table=seated("aino", "bo"))
    assert table.shown == "aino"
    assert next_look_s(table) == pytest.approx(10.5)
    assert played((10.4, Tick()), table=table).shown == "aino"
    assert played((10.5, Tick()), table=table).shown == "bo"


def test_where_the_shown_one_has_long_been_silent_the_next_word_is_shown() -> None:
    """Nobody waits half a second where nobody else speaks; but a picture stays for two seconds."""
    table = played((10.0, Speaks("bo")), table=seated("aino", "bo"))
    assert table.shown == "bo"
    table = played((10.1, Silent("bo")), (10.2, Speaks("aino")), (11.9, Tick()), table=table)
    assert table.shown == "bo"
    assert next_look_s(table) == pytest.approx(12.0)
    assert played((12.0, Tick()), table=table).shown == "aino"


def test_two_who_interleave_switch_nothing() -> None:
    """Short words of two people in turn leave the picture where it is."""
    table = played((5.0, Speaks("aino")), table=seated("aino", "bo"))
    for turn in range(30):
        start_s = 5.4 + turn * 0.8
        speaker, other = ("bo", "aino") if turn % 2 == 0 else ("aino", "bo")
        table = played(
            (start_s, Silent(other)),
            (start_s, Speaks(speaker)),
            (start_s + 0.4, Silent(speaker)),
            table=table,
        )
        assert table.shown == "aino"


def test_speech_that_never_ends_does_not_come_back_each_time() -> None:
    """Somebody who died while speaking is shown no more once another has taken over."""
    table = played((1.0, Speaks("aino")), (5.0, Speaks("bo")), (5.5, Tick()), table=seated("aino", "bo"))
    assert table.shown == "bo"
    for at_s in range(8, 31):
        table = played((float(at_s), Tick()), table=table)
        assert table.shown == "bo"
    assert "aino" not in played((31.0, Tick()), table=table).speaking_since


def test_when_the_one_who_is_shown_leaves_another_is_shown_at_once() -> None:
    """An empty chair is never shown, whatever the hold."""
    table = played((3.0, Speaks("bo")), (3.5, Tick()), (3.6, Left("bo")), table=seated("aino", "bo"))
    assert table.shown == "aino"
    assert played((3.7, Left("aino")), table=table).shown is None


events = st.builds(
    lambda kind, person: Tick() if kind is Tick else kind(person),
    st.sampled_from([Joined, Left, Speaks, Silent, Tick]),
    st.sampled_from(PEOPLE),
)


@given(st.lists(st.tuples(st.floats(0.01, 3.0), events), max_size=80))
def test_whatever_happens_only_people_at_the_table_are_shown_and_nobody_to_themselves(
    events: list[tuple[float, Event]],
) -> None:
    """Shown is somebody present, never oneself; two switches are a hold apart unless one left."""
    table, now_s = Table(), 0.0
    for after_s, event in events:
        now_s += after_s
        before, table = table, step(table, event, now_s)
        assert table.shown in table.present if table.present else table.shown is None
        assert all(table.seen_by(viewer) in table.present - {viewer} | {None} for viewer in PEOPLE)
        if table.shown != before.shown and before.shown in table.present:
            assert now_s >= before.shown_since + 2.0


@given(st.lists(st.tuples(st.floats(0.01, 3.0), events), max_size=80), st.floats(0.0, 0.999))
def test_between_events_the_picture_changes_only_when_it_was_announced(
    events: list[tuple[float, Event]], part: float
) -> None:
    """Too early a look shows nobody else, and one in time does not ask for the same time again."""
    table, now_s = Table(), 0.0
    for after_s, event in events:
        now_s += after_s
        table = step(table, event, now_s)
        look_s = next_look_s(table)
        if look_s is None:
            assert step(table, Tick(), now_s + 1000.0).shown == table.shown
        elif look_s > now_s:
            early_s = now_s + (look_s - now_s) * part
            assert early_s >= look_s or step(table, Tick(), early_s).shown == table.shown
            again_s = next_look_s(step(table, Tick(), look_s))
            assert again_s is None or again_s > look_s
        else:
            pytest.fail("a look that is due was left")
