"""Segments of messages: joined in any order, stored until complete, handled alone after a timeout."""

import pytest

from hal import pdu
from hal.sms_ledger import LONE_PART_S, MOST_UNFINISHED, Incoming
from tests.hal.scripted_modem import deliver_pdus

pytestmark = pytest.mark.requirement("K3")
ANNA = "+358401234567"
LONG = "Tulen heti. " * 30


def parts(reference: int = 7) -> list[pdu.Deliver]:
    found = [pdu.read(each) for each in deliver_pdus(ANNA, LONG, reference)]
    return [each for each in found if isinstance(each, pdu.Deliver)]


def test_nothing_may_be_deleted_before_the_whole_is_there() -> None:
    """In any order, and however often the modem lists a segment."""
    incoming, (first, *others) = Incoming(), parts()
    assert incoming.received(first, "SM/1", 0.0) == ([], [])
    assert incoming.received(first, "SM/1", 1.0) == ([], [])
    for number, other in enumerate(others[:-1], 2):
        assert incoming.received(other, f"SM/{number}", 2.0) == ([], [])
    events, places = incoming.received(others[-1], "SM/9", 3.0)
    assert [event.text for event in events] == [LONG]
    assert {"SM/1", "SM/9"} <= set(places)


def test_a_lone_part_is_judged_by_itself_after_a_while() -> None:
    """An answer whose second half is missing may still say that somebody is on the way."""
    incoming, (first, *_) = Incoming(), parts()
    incoming.received(first, "SM/1", 0.0)
    assert incoming.overdue(LONE_PART_S - 1) == ([], [])
    events, places = incoming.overdue(LONE_PART_S)
    assert events[0].text.startswith("Tulen heti.")
    assert places == ["SM/1"]
    assert incoming.overdue(LONE_PART_S) == ([], [])


def test_parts_without_an_end_do_not_fill_the_memory() -> None:
    """The oldest is handled alone when there are too many."""
    incoming = Incoming()
    reported = [
        incoming.received(parts(reference)[0], "", 0.0)[0] for reference in range(MOST_UNFINISHED + 5)
    ]
    assert sum(map(len, reported)) == 5
