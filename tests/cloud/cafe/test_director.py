"""Who is shown large at the café's table."""

from itertools import pairwise

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from cloud.cafe.director import Event, Joined, Left, Silent, Speaks, Table, Tick, next_look_s, step
from tests.examples import examples

pytestmark = pytest.mark.requirement("V24")

# The engine judges ten packets of 20 ms (cloud/cafe/janus.py).
WINDOW_S = 0.2
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


def as_the_engine_hears(loud: list[tuple[float, float]], until_s: float) -> list[tuple[float, bool]]:
    """Return when somebody who is loud in these intervals begins and stops to speak, for the engine.

    It judges each fifth of a second by its mean level: more than two thirds of it are loud (test_janus).
    """
    found, speaks = [], False
    for number in range(int(until_s / WINDOW_S)):
        start_s, end_s = number * WINDOW_S, (number + 1) * WINDOW_S
        heard_s = sum(max(0.0, min(end_s, stop) - max(start_s, start)) for start, stop in loud)
        if (heard_s > 0.675 * WINDOW_S) != speaks:
            speaks = not speaks
            found.append((end_s, speaks))
    return found


def switches_between(loud: dict[str, list[tuple[float, float]]], phase_s: float) -> list[float]:
    """Return when the picture changes while both are loud as said; Aino is shown before."""
    until_s = max(stop for intervals in loud.values() for _, stop in intervals)
    happens: list[tuple[float, Event]] = []
    for person, shift_s in (("aino", 0.0), ("bo", phase_s)):
        shifted = [(start - shift_s, stop - shift_s) for start, stop in loud[person]]
        for at_s, speaks in as_the_engine_hears(shifted, until_s):
            happens.append((at_s + shift_s, Speaks(person) if speaks else Silent(person)))
    happens += [(number * 0.05, Tick()) for number in range(int(until_s / 0.05))]
    table, found = played((0.0, Speaks("aino")), table=seated("aino", "bo")), []
    for at_s, event in sorted(happens, key=lambda each: each[0]):
        before, table = table.shown, step(table, event, at_s)
        if table.shown != before:
            found.append(at_s)
    return found


def in_turn(syllables: list[tuple[float, float]]) -> dict[str, list[tuple[float, float]]]:
    """Return when each is loud: Aino for three seconds, then by turns for so long, with such an overlap."""
    loud: dict[str, list[tuple[float, float]]] = {"aino": [(0.0, 3.0)], "bo": []}
    now_s = 3.0
    for number, (lasts_s, overlap_s) in enumerate(syllables):
        loud[("bo", "aino")[number % 2]].append((now_s - overlap_s, now_s + lasts_s))
        now_s += lasts_s
    return loud


def phases() -> st.SearchStrategy[float]:
    """How the engine's fifths of a second of the one lie to those of the other."""
    return st.floats(0.0, WINDOW_S)


def turns(lasts: tuple[float, float], overlap_s: float) -> st.SearchStrategy[list[tuple[float, float]]]:
    """Many turns, each with how long it lasts and how far it begins within the one before."""
    return st.lists(st.tuples(st.floats(*lasts), st.floats(0.0, overlap_s)), min_size=8, max_size=30)


@settings(max_examples=examples(40))
@given(turns((0.28, 0.4), 0.05), phases())
def test_whatever_the_short_words_of_two_who_interleave_nothing_switches(
    syllables: list[tuple[float, float]], phase_s: float
) -> None:
    """Words of up to 0.45 s in turn, however they fall into the engine's measuring, switch nothing."""
    assert switches_between(in_turn(syllables), phase_s) == []


@settings(max_examples=examples(40))
@given(st.floats(0.28, 0.4), turns((0.3, 0.85), 0.15), phases())
def test_who_has_just_fallen_into_words_does_not_take_over_with_a_longer_one(
    first_s: float, words: list[tuple[float, float]], phase_s: float
) -> None:
    """Two who interleave go on with words of up to a second, and still nothing switches."""
    assert switches_between(in_turn([(first_s, 0.0), (0.5, 0.0), *words]), phase_s) == []


@settings(max_examples=examples(40))
@given(turns((1.0, 2.4), 0.4), phases())
@example([(each, 0.0) for each in (1.125, 1.875, 1.875, 1.0, 1.0, 2.0, 2.0, 1.0)], 0.0)
def test_two_who_speak_in_sentences_do_not_change_the_picture_with_each(
    sentences: list[tuple[float, float]], phase_s: float
) -> None:
    """Where sentences follow and overlap each other, each picture stays for five seconds at least."""
    switches = switches_between(in_turn(sentences), phase_s)
    assert all(after - before >= 5 for before, after in pairwise(switches))


def test_who_interleaves_is_shown_once_the_other_is_silent() -> None:
    """A speaker who goes on alone is shown 1.2 s after the other's last word."""
    table = played(
        (5.0, Speaks("aino")),
        (6.0, Speaks("bo")),
        (6.3, Silent("bo")),
        (7.0, Silent("aino")),
        (7.0, Speaks("bo")),
        table=seated("aino", "bo"),
    )
    assert played((8.1, Tick()), table=table).shown == "aino"
    assert next_look_s(table) == pytest.approx(8.2)
    assert played((8.2, Tick()), table=table).shown == "bo"


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
