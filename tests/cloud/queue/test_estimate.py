"""What is said of the wait is true in most cases, and nothing is said where nothing is known."""

import heapq
import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from cloud.queue.estimate import Estimate, Service, estimate
from tests.cloud.queue.recorded import read, replayed


def _day(seed: int, agents: int, gap_s: float, service_s: float) -> Iterator[tuple[Estimate | None, float]]:
    """A day of arrivals, first come first served: what was said on joining, and what came true."""
    chance = random.Random(seed)
    free_at = [0.0] * agents
    done: list[tuple[float, Service]] = []
    starts: list[float] = []
    arrived = 0.0
    for _ in range(300):
        arrived += chance.expovariate(1 / gap_s)
        ahead = sum(start > arrived for start in starts)
        known = [service for over, service in sorted(done, key=lambda pair: -pair[0]) if over <= arrived]
        begins = max(arrived, heapq.heappop(free_at))
        took = max(20.0, chance.lognormvariate(0, 0.5) * service_s)
        heapq.heappush(free_at, begins + took)
        starts.append(begins)
        done.append((begins + took, Service(begins - arrived, took)))
        if begins > arrived:
            yield estimate(ahead + 1, agents, known), (begins - arrived) / 60


@pytest.mark.requirement("Q4")
@pytest.mark.parametrize(
    ("agents", "gap_s", "service_s"), [(1, 330, 300), (3, 110, 300), (5, 40, 180), (10, 31, 300)]
)
def test_the_truth_lies_within_the_words_in_80_percent_of_cases(
    agents: int, gap_s: float, service_s: float
) -> None:
    """Over days of arrivals by chance, with quick and slow customers, at four sizes of service."""
    said = [pair for seed in range(12) for pair in _day(seed, agents, gap_s, service_s) if pair[0]]
    right = sum(
        words.least_min <= truth and (words.most_min is None or truth <= words.most_min)
        for words, truth in said
        if words
    )
    assert len(said) > 200
    assert right / len(said) >= 0.8


@pytest.mark.requirement("Q4")
def test_recorded_waits_lie_within_the_words_in_80_percent_of_cases() -> None:
    """Ten queues that share thirty agents, recorded by ``make bench-queue`` and played again slowly."""
    said = replayed(read(Path(__file__).with_name("visits.csv")), agents=30, times=15.0)
    assert len(said) > 400
    assert sum(each.is_true for each in said) / len(said) >= 0.8


def test_nothing_is_said_where_nothing_is_known() -> None:
    """Without an agent at work, or with too few services, there is no estimate."""
    services = [Service(60, 120)] * 5
    assert estimate(1, 0, services) is None
    assert estimate(1, 1, services[:2]) is None
    assert estimate(1, 1, services) == Estimate(0, 2)


def test_a_long_line_is_said_to_be_long_and_slow_customers_make_it_longer() -> None:
    """Never shorter than it has been lately; over two hours has no upper end."""
    assert estimate(60, 1, [Service(7200, 300)] * 5) == Estimate(120, None)
    quick = estimate(4, 2, [Service(0, 120)] * 8)
    slow = estimate(4, 2, [Service(0, 120)] * 4 + [Service(1500, 900)] * 4)
    assert quick
    assert slow
    assert quick.most_min
    assert slow.most_min
    assert slow.most_min > quick.most_min
