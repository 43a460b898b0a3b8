"""Waiting for what can be observed, with a deadline; never a guess."""

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")
# Looking costs the processor time of what is waited for: less often the longer it takes.
LOOK_S, SELDOM_S = 0.005, 0.05


def eventually(look: Callable[[], T], what: str, timeout_s: float = 60.0) -> T:
    """The first true value that ``look`` returns; fails with ``what`` did not come about."""
    began = time.monotonic()
    while True:
        seen = look()
        if seen:
            return seen
        waited_s = time.monotonic() - began
        if waited_s > timeout_s:
            raise AssertionError(f"did not come about in {timeout_s} s: {what}")
        time.sleep(min(max(LOOK_S, waited_s / 50), SELDOM_S))
