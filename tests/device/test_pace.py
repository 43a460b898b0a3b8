"""How a tablet, and how a fleet of them, comes back to its broker."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from device.link.pace import LAST_S, QUICK_S, SPREAD_S, wait_s

pytestmark = pytest.mark.requirement("Q9")


def test_the_first_try_is_quick() -> None:
    """A link that was cut for a moment is back within a second."""
    assert (wait_s(0, 0.0), wait_s(0, 1.0)) == QUICK_S


@given(st.integers(1, 3), st.integers(100, 5_000))
def test_a_fleet_comes_back_evenly(failures: int, tablets: int) -> None:
    """Of a broker that was away for some seconds no second sees much more than its share of all tablets."""
    arrivals = [wait_s(failures, (number + 0.5) / tablets) for number in range(tablets)]
    assert max(arrivals) <= SPREAD_S
    busiest = max(sum(second <= each < second + 1 for each in arrivals) for second in range(int(SPREAD_S)))
    assert busiest <= tablets / (SPREAD_S - QUICK_S[1]) + 2


@given(st.integers(0, 10_000), st.floats(0, 1), st.integers(1, 4))
def test_nobody_is_given_up(failures: int, chance: float, brokers: int) -> None:
    """However long it lasts, the next try is within a minute."""
    assert QUICK_S[0] <= wait_s(failures, chance, brokers) <= LAST_S


@given(st.floats(0, 1), st.floats(0, 1))
def test_another_broker_is_tried_within_ten_seconds(first: float, second: float) -> None:
    """The quick try at the same one, then the other."""
    assert wait_s(0, first, 2) + wait_s(1, second, 2) < 10
