"""Estimates the wait from the queue's last services and the agents at work."""

from collections.abc import Sequence
from typing import NamedTuple

# The number of services considered; with fewer there is no estimate.
MOST_SERVICES, FEWEST_SERVICES = 20, 3
STEPS_MIN = (2, 5, 10, 15, 20, 30, 45, 60, 90, 120)


class Service(NamedTuple):
    """One served customer: their wait, and the length of service."""

    waited_s: float
    took_s: float


class Estimate(NamedTuple):
    """Minimum and maximum in rounded minutes; ``most_min`` None is "over two hours"."""

    least_min: int
    most_min: int | None


def estimate(
    place: float, agents: int, services: Sequence[Service], waited_s: float = 0.0
) -> Estimate | None:
    """Return the remaining wait at this place, or None where it is unknown.

    ``services`` are the queue's newest, the newest first. The estimate is never shorter than recent waits at
    the front; a slow customer makes it longer for all.
    """
    newest = services[:MOST_SERVICES]
    if agents < 1 or len(newest) < FEWEST_SERVICES:
        return None
    took = sorted(service.took_s for service in newest)
    quick, slow = _quantile(took, 0.25), _quantile(took, 0.9)
    rounds = place / agents
    # The current service may end at any time; the upper bound counts all of it.
    least_s = max(0.0, (rounds - 1) * quick)
    most_s = max(rounds * slow, took[len(took) // 2])
    lately = [service.waited_s for service in newest[:FEWEST_SERVICES]]
    if place > 1:
        most_s = max(most_s, sorted(lately)[len(lately) // 2] - waited_s)
    return Estimate(_at_least(least_s), _at_most(most_s))


def _quantile(ordered: Sequence[float], share: float) -> float:
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def _at_least(seconds: float) -> int:
    return max((step for step in STEPS_MIN if step * 60 <= seconds), default=0)


def _at_most(seconds: float) -> int | None:
    return next((step for step in STEPS_MIN if seconds <= step * 60), None)
