"""The turn to write into an SQLite database, nearly in order of arrival, across processes.

SQLite has one writer. Without a turn, those who wait look again after pauses of up to 100 ms, in no order: an
unlucky one waits for a second while others are served many times.
"""

import fcntl
import os
import threading
import time
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path

LOOK_AGAIN_S = 0.001
# Devices' events go first, but when very many come nobody is shut out by them.
LONGEST_BEHIND_S = 2.0

# Of a process's threads one stands in the line of all: looking again takes time from who has the turn.
_first_here: defaultdict[Path, threading.Lock] = defaultdict(threading.Lock)


class Turn:
    """The turn of one connection; the system ends it with the process.

    Only the first in line waits for the turn itself, so that nobody who has just had it gets ahead. Help
    skips the line, and while help waits nobody else takes a turn, but who has waited for it for long.
    """

    def __init__(self, database: Path) -> None:
        self._line, self._help, self._turn = (_opened(database, name) for name in ("line", "help", "turn"))
        self._here = _first_here[database]
        self.is_taken = False

    def take(self, wait_s: float, *, first: bool = False) -> bool:
        """Wait for the turn; return False where it did not come in time."""
        began_s = time.monotonic()
        until_s = began_s + wait_s
        if first:
            return self._take_in_line(began_s, until_s, first=True)
        if not self._here.acquire(timeout=wait_s):
            return False
        try:
            return self._take_in_line(began_s, until_s, first=False)
        finally:
            self._here.release()

    def give(self) -> None:
        """Give the turn to the next; nothing happens where it was not taken."""
        if self.is_taken:
            self.is_taken = False
            _unlock(self._turn)

    def close(self) -> None:
        """Give the turn back for good."""
        self.is_taken = False
        for file in (self._line, self._help, self._turn):
            os.close(file)

    def _take_in_line(self, began_s: float, until_s: float, *, first: bool) -> bool:
        def may_take() -> bool:
            return first or time.monotonic() > began_s + LONGEST_BEHIND_S or self._is_no_help()

        waiting, how = (self._help, fcntl.LOCK_SH) if first else (self._line, fcntl.LOCK_EX)
        if not _wait(lambda: _lock(waiting, how), until_s):
            return False
        try:
            self.is_taken = _wait(lambda: may_take() and _lock(self._turn), until_s)
        finally:
            _unlock(waiting)
        return self.is_taken

    def _is_no_help(self) -> bool:
        is_none = _lock(self._help)
        if is_none:
            _unlock(self._help)
        return is_none


def _opened(database: Path, name: str) -> int:
    return os.open(database.with_name(f"{database.name}-{name}"), os.O_RDWR | os.O_CREAT, 0o600)


def _lock(file: int, how: int = fcntl.LOCK_EX) -> bool:
    try:
        fcntl.flock(file, how | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _unlock(file: int) -> None:
    fcntl.flock(file, fcntl.LOCK_UN)


def _wait(take: Callable[[], bool], until_s: float) -> bool:
    while not take():
        if time.monotonic() >= until_s:
            return False
        time.sleep(LOOK_AGAIN_S)
    return True
