"""Decides whether a release harms a ring: pure, from counts of updated and other devices."""

from dataclasses import dataclass
from math import ceil
from typing import Literal

# A single device may fail by chance; of many, one in twenty is too many.
FEWEST_BAD, MOST_BAD = 1, 0.05

Cause = Literal["returned", "silent", "faulty"]


@dataclass(frozen=True)
class Counts:
    """Numbers of devices, and of those with a fault or silent."""

    devices: int = 0
    faulty: int = 0
    silent: int = 0


@dataclass(frozen=True)
class Worse:
    """What got worse, at how many of how many devices."""

    cause: Cause
    bad: int
    devices: int


def worse(updated: Counts, others: Counts, returned: int) -> Worse | None:
    """Return why the release must be halted; None where the ring is as healthy as the others."""
    tried = updated.devices + returned
    if returned and returned >= _allowed(tried):
        return Worse("returned", returned, tried)
    if _is_worse(updated.silent, updated.devices, others.silent, others.devices):
        return Worse("silent", updated.silent, updated.devices)
    if _is_worse(updated.faulty, updated.devices, others.faulty, others.devices):
        return Worse("faulty", updated.faulty, updated.devices)
    return None


def _is_worse(bad: int, of: int, others_bad: int, others: int) -> bool:
    """Return whether there are more than the others' rate predicts."""
    expected = of * others_bad / others if others else 0.0
    return bad > 0 and bad - expected >= _allowed(of)


def _allowed(devices: int) -> int:
    return max(FEWEST_BAD, ceil(MOST_BAD * devices))
