"""The kernel's clocks. Whether the wall time is true is asked of the kernel's NTP discipline."""

import ctypes
import time
from collections.abc import Callable
from datetime import UTC, datetime

from hal.ports import ClockReading

_TIME_ERROR = 5
_TIMEX_BYTES = 208


class SystemClock:
    """``CLOCK_REALTIME``, ``CLOCK_BOOTTIME``, and the state that adjtimex(2) returns."""

    def __init__(self, is_synchronised: Callable[[], bool] | None = None) -> None:
        self._is_synchronised = is_synchronised or kernel_is_synchronised

    def read(self) -> ClockReading:
        """All clocks at one moment."""
        return ClockReading(
            wall=datetime.now(UTC),
            monotonic_s=time.clock_gettime(time.CLOCK_BOOTTIME),
            trusted=self._is_synchronised(),
        )


def kernel_is_synchronised() -> bool:
    """False while the kernel says TIME_ERROR: no NTP daemon disciplines the clock."""
    timex = ctypes.create_string_buffer(_TIMEX_BYTES)
    state: int = ctypes.CDLL(None, use_errno=True).adjtimex(timex)
    return 0 <= state < _TIME_ERROR
