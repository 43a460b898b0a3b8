"""Waiting for facts, for as long as an emulator beside other work may take."""

import sys
import time
from collections.abc import Callable

PATIENCE_S = 1800.0
LOOK_S = 0.5


class NotSeen(Exception):
    """What must come did not."""


def wait(is_so: Callable[[], object], what: str, patience_s: float = PATIENCE_S) -> float:
    """How long it took. Raises ``NotSeen``."""
    began_s = time.monotonic()
    while time.monotonic() < began_s + patience_s:
        if is_so():
            return time.monotonic() - began_s
        time.sleep(LOOK_S)
    raise NotSeen(what)


def say(words: str) -> None:
    """Print a line at once: a run takes an hour."""
    sys.stdout.write(f"{words}\n")
    sys.stdout.flush()
