"""How long the wall clock has kept pace, for work that must not call somebody gone because of a jump."""

import math
import time
from collections.abc import Callable
from datetime import datetime

JUMP_S = 2.0


class SteadyClock:
    """Compares the wall clock with the monotonic one whenever it is asked."""

    def __init__(self, monotonic_s: Callable[[], float] = time.monotonic) -> None:
        self._monotonic_s = monotonic_s
        self._ahead_s: float | None = None
        self._jumped_s = -math.inf

    def steady_s(self, now: datetime) -> float:
        """Return the seconds since the wall clock was last seen to jump; infinite where it never was."""
        at_s = self._monotonic_s()
        ahead_s = now.timestamp() - at_s
        if self._ahead_s is not None and abs(ahead_s - self._ahead_s) > JUMP_S:
            self._jumped_s = at_s
        self._ahead_s = ahead_s
        return at_s - self._jumped_s
