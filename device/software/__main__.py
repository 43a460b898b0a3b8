"""``python -m device.software count|stopped|guard FOLDER``: rolls back a release that does not work.

While a release is on trial, ``count`` runs before each start of the core and ``stopped`` after it has ended;
``guard`` runs beside it and rolls back a release that neither ends its trial nor crashes.
"""

import os
import sys
import time
from pathlib import Path

from device.software.slots import Slots

# How systemd ended a core that did not respond: $SERVICE_RESULT, systemd.exec(5).
UNRESPONSIVE = ("timeout", "watchdog")
# The release rolls itself back after ten minutes; this is for one that cannot.
GUARDED_S = 1800.0
LOOK_S = 10.0


def main(arguments: list[str]) -> int:
    """Return 0 where all is well; ``guard`` returns 3 after a rollback."""
    what, folder = arguments
    slots = Slots(Path(folder))
    if what == "count":
        slots.count_start()
        return 0
    if what == "stopped":
        if os.environ.get("SERVICE_RESULT") in UNRESPONSIVE:
            slots.go_back_after_hang()
        return 0
    return guard(slots, GUARDED_S)


def guard(slots: Slots, most_s: float) -> int:
    """Wait until the trial is over, either way."""
    until_s = time.monotonic() + most_s
    while slots.trial:
        left_s = until_s - time.monotonic()
        if left_s <= 0:
            slots.go_back("it never said that it works")
            return 3
        time.sleep(min(left_s, LOOK_S))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
