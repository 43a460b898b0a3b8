"""The clock that events are stamped with."""

import time


def monotonic_s() -> float:
    """Seconds since the machine's start, sleep included: the clock of ``ClockReading.monotonic_s``."""
    return time.clock_gettime(time.CLOCK_BOOTTIME)
