"""``python -m device.software count|guard FOLDER``: of the package, for when a release does not work.

``count`` runs before each start of the core while a release is on trial; ``guard`` beside it, and takes back
a release that neither ends its trial nor dies.
"""

import sys
import time
from pathlib import Path

from device.software.slots import Slots

# The release itself goes back after ten minutes; this is for one that cannot even do that.
GUARDED_S = 1800.0
LOOK_S = 10.0


def main(arguments: list[str]) -> int:
    """0 where all is well; ``guard`` ends with 3 once it has taken a release back."""
    what, folder = arguments
    slots = Slots(Path(folder))
    if what == "count":
        slots.count_start()
        return 0
    return guard(slots, GUARDED_S)


def guard(slots: Slots, most_s: float) -> int:
    """Waits until the trial is over, one way or the other."""
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
