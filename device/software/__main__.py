"""``python -m device.software count|guard FOLDER``: rolls back a release that does not work.

``count`` runs before each start of the core while a release is on trial; ``guard`` runs beside it and rolls
back a release that neither ends its trial nor crashes.
"""

import sys
import time
from pathlib import Path

from device.software.slots import Slots

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
