"""How fast one relative's page may do things: more than a person does, less than a program."""

import time
from collections.abc import Callable

STEPS_EACH_S = 4.0
MOST_AT_ONCE = 20.0
MOST_KEPT = 10_000


class Throttle:
    """A bucket for each contact, in the memory of one web process."""

    def __init__(self, now_s: Callable[[], float] = time.monotonic) -> None:
        self._now_s = now_s
        self._buckets: dict[int, tuple[float, float]] = {}

    def takes(self, contact: int) -> bool:
        """Count a step; return False where it comes too soon after too many others."""
        now_s = self._now_s()
        if len(self._buckets) >= MOST_KEPT and contact not in self._buckets:
            self._forget(now_s)
        left, at_s = self._buckets.get(contact, (MOST_AT_ONCE, now_s))
        left = min(MOST_AT_ONCE, left + (now_s - at_s) * STEPS_EACH_S)
        self._buckets[contact] = (left - 1 if left >= 1 else left), now_s
        return left >= 1

    def _forget(self, now_s: float) -> None:
        """Keep those whose bucket is not full again."""
        full_after_s = MOST_AT_ONCE / STEPS_EACH_S
        self._buckets = {
            contact: (left, at_s)
            for contact, (left, at_s) in self._buckets.items()
            if now_s - at_s < full_after_s
        }
