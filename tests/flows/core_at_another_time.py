"""The real core, with the wall clock of a file: how many seconds it is ahead."""

import os
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any, cast

from device import main
from hal.ports import ClockReading
from hal.system_clock import SystemClock

AHEAD_FILE = "KOTIRUUTU_TEST_AHEAD"


class _AheadClock(SystemClock):
    """The kernel's clock, so many seconds ahead; the monotonic one goes on as it does."""

    def read(self) -> ClockReading:
        reading = super().read()
        ahead = timedelta(seconds=float(Path(os.environ[AHEAD_FILE]).read_text()))
        return reading._replace(wall=reading.wall + ahead)


if __name__ == "__main__":
    # The seam of this story alone.
    cast(Any, main).SystemClock = _AheadClock
    sys.exit(main.main())
