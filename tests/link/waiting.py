"""Waiting for what can be observed, with a deadline; never a guess."""

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


def eventually(look: Callable[[], T], what: str, timeout_s: float = 60.0) -> T:
    """The first true value that ``look`` returns; fails with ``what`` did not come about."""
    deadline = time.monotonic() + timeout_s
    while True:
        seen = look()
        if seen:
            return seen
        if time.monotonic() > deadline:
            raise AssertionError(f"did not come about in {timeout_s} s: {what}")
        time.sleep(0.005)
