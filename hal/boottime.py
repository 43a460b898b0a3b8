"""The clock of event timestamps."""

import time


def monotonic_s() -> float:
    """Return the seconds since boot, suspend included: the clock of ``ClockReading.monotonic_s``."""
    return time.clock_gettime(time.CLOCK_BOOTTIME)
