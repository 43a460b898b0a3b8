"""The one open board of the street: a page that keeps telling the desk that it rings, until it hangs."""

import bisect
import threading
import time
from collections.abc import Sequence
from datetime import datetime, timedelta

from cloud.help.escalation import CONTACT_AFTER
from tests.campaign.nurse import Nurse

EVERY_S = 5.0
# As in cloud.help.open_boards, which needs the desk's tables.
SILENCE = timedelta(seconds=40)
# The escalation looks several times a second; on a machine that does everything else too it may be late.
LATE = timedelta(seconds=15)


class Board:
    """Somebody has it open from ``start`` to ``stop``. Nobody else reports a board to the desk."""

    def __init__(self, nurse: Nurse) -> None:
        self.rang: list[datetime] = []
        self._nurse = nurse
        self._hangs_until_s = 0.0
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._beat, daemon=True, name="board")

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._closing.set()
        if self._thread.is_alive():
            self._thread.join()
        self._nurse.close()

    def hang(self, seconds: float) -> None:
        """Its browser does nothing for so long: neither a ring nor a word to the desk."""
        self._hangs_until_s = time.monotonic() + seconds

    @property
    def hangs(self) -> bool:
        """Whether a call for help would not ring on it."""
        return time.monotonic() < self._hangs_until_s

    def could_ring(self, at: datetime) -> bool:
        """Return whether the desk had a recent heartbeat of it."""
        before = bisect.bisect_right(self.rang, at)
        return before > 0 and at - self.rang[before - 1] <= SILENCE

    def _beat(self) -> None:
        while not self._closing.wait(EVERY_S):
            if not self.hangs and (heard := self._nurse.look_in()):
                self.rang.append(heard)


Waited = tuple[datetime, datetime | None, datetime | None]


def unheard(board: Board, requests: Sequence[Waited]) -> tuple[int, int]:
    """Return how many requests came in without an open board, and of how many nobody was notified in time.

    Each request is when it came in, when somebody answered it or it ended, and the first notification.
    """
    silent = [each for each in requests if not board.could_ring(each[0])]
    late = 0
    for received, answered, notified in silent:
        deadline = received + CONTACT_AFTER + LATE
        late += not any(at is not None and at <= deadline for at in (answered, notified))
    return len(silent), late
