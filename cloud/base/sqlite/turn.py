"""The turn to write into an SQLite database, nearly in order of arrival, across processes.

SQLite has one writer. Without a turn, those who wait look again after pauses of up to 100 ms, in no order: an
unlucky one waits for a second while others are served many times.
"""

import fcntl
import os
import time
from contextlib import ExitStack
from pathlib import Path

LOOK_AGAIN_S = 0.001


class Turn:
    """The turn of one connection; the system ends it with the process.

    Only the first in line waits for the turn itself, so that nobody who has just had it gets ahead. Help
    skips the line.
    """

    def __init__(self, database: Path) -> None:
        self._line, self._turn = (_opened(database, name) for name in ("line", "turn"))
        self.is_taken = False

    def take(self, wait_s: float, *, first: bool = False) -> bool:
        """Wait for the turn; return False where it did not come in time."""
        until_s = time.monotonic() + wait_s
        with ExitStack() as in_line:
            if not first:
                if not _lock(self._line, until_s):
                    return False
                in_line.callback(fcntl.flock, self._line, fcntl.LOCK_UN)
            self.is_taken = _lock(self._turn, until_s)
        return self.is_taken

    def give(self) -> None:
        """Give the turn to the next; nothing happens where it was not taken."""
        if self.is_taken:
            self.is_taken = False
            fcntl.flock(self._turn, fcntl.LOCK_UN)

    def close(self) -> None:
        """Give the turn back for good."""
        self.is_taken = False
        os.close(self._line)
        os.close(self._turn)


def _opened(database: Path, name: str) -> int:
    return os.open(database.with_name(f"{database.name}-{name}"), os.O_RDWR | os.O_CREAT, 0o600)


def _lock(file: int, until_s: float) -> bool:
    while True:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() >= until_s:
                return False
            time.sleep(LOOK_AGAIN_S)
        else:
            return True
