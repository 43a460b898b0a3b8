"""What counts as a sign of life of the core."""

import pytest

from device.contract.vital import Fault
from device.health.vitals import PARTS, Part, Vitals
from device.health.words import in_words

pytestmark = pytest.mark.requirement("K2")


@pytest.mark.parametrize("frozen", sorted(PARTS))
def test_one_part_that_stands_still_is_enough_to_be_silent(frozen: Part) -> None:
    """However often the others move, there is no sign of life until this one moves too."""
    vitals = Vitals()
    for _ in range(3):
        for part in PARTS - {frozen}:
            vitals.moved(part)
        assert not vitals.have_all_moved()
    vitals.moved(frozen)
    assert vitals.have_all_moved()


def test_what_moved_before_the_last_sign_of_life_does_not_count_for_the_next() -> None:
    """Each thread must progress again for each sign of life."""
    vitals = Vitals()
    for part in PARTS:
        vitals.moved(part)
    assert [vitals.have_all_moved(), vitals.have_all_moved()] == [True, False]


def test_status_says_in_words_what_does_not_work() -> None:
    """The service's status shows the device's health with reasons."""
    assert in_words(()) == "Everything that is fitted works."
    assert in_words([Fault(part="link", reason="no broker")]) == "Does not work: link (no broker)"
