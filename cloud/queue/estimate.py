"""How long somebody will wait: from the queue's last services and the agents at work, or not at all."""

from collections.abc import Sequence
from typing import NamedTuple

# So many of the newest are looked at; with fewer nothing is said.
MOST_SERVICES, FEWEST_SERVICES = 20, 3
STEPS_MIN = (2, 5, 10, 15, 20, 30, 45, 60, 90, 120)


class Service(NamedTuple):
    """One customer that was served: how long they waited, and how long it took."""

    waited_s: float
    took_s: float


class Estimate(NamedTuple):
    """At least and at most so many minutes, both in round steps; ``most_min`` None is "over two hours"."""

    least_min: int
    most_min: int | None


def estimate(place: int, agents: int, services: Sequence[Service], waited_s: float = 0.0) -> Estimate | None:
    """The wait that is still ahead at this place, or None where nothing is known.

    ``services`` are the queue's newest, the newest first. It is never said to be shorter than what people
    waited lately at the front of the line; a slow customer makes it longer for all.
    """
    newest = services[:MOST_SERVICES]
    if agents < 1 or len(newest) < FEWEST_SERVICES:
        return None
    took = sorted(service.took_s for service in newest)
    quick, slow = _quantile(took, 0.25), _quantile(took, 0.9)
    rounds = place / agents
    # One's own turn comes somewhere within the service that is going on; the slow end counts all of it.
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
