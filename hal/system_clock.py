"""The kernel's clocks; its NTP discipline decides whether the wall clock is right."""

import ctypes
import json
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from hal.ports import ClockReading

_TIME_ERROR = 5
_TIMEX_BYTES = 208
_BOOT_ID = Path("/proc/sys/kernel/random/boot_id")
# The crystals of small computers are within 50 ppm, at any temperature of a home within 100. The kernel
# itself assumes 500, and says TIME_ERROR after nine hours without a time server (adjtimex(2), maxerror).
MOST_DRIFT = 100e-6
MOST_ERROR_S = 30.0
TRUSTED_FOR_S = MOST_ERROR_S / MOST_DRIFT
# How often the time of the last synchronisation is saved.
_REMEMBERED_EACH_S = 600.0


class SystemClock:
    """``CLOCK_REALTIME``, ``CLOCK_BOOTTIME``, and whether the former is trusted.

    Once synchronised since boot, it is trusted while its greatest possible error is below ``MOST_ERROR_S``;
    ``memory`` is a file that passes the time of the last synchronisation to the next process of this boot.
    """

    def __init__(self, is_synchronised: Callable[[], bool] | None = None, memory: Path | None = None) -> None:
        self._is_synchronised = is_synchronised or kernel_is_synchronised
        self._memory = memory
        self._synchronised_s = _read(memory)
        self._written_s = self._synchronised_s

    def read(self) -> ClockReading:
        """Read all clocks at one instant."""
        monotonic_s = time.clock_gettime(time.CLOCK_BOOTTIME)
        return ClockReading(
            wall=datetime.now(UTC), monotonic_s=monotonic_s, trusted=self._is_trusted(monotonic_s)
        )

    def _is_trusted(self, now_s: float) -> bool:
        if self._is_synchronised():
            self._synchronised_s = now_s
            self._remember(now_s)
            return True
        return self._synchronised_s is not None and now_s - self._synchronised_s < TRUSTED_FOR_S

    def _remember(self, now_s: float) -> None:
        is_new = self._written_s is None or now_s - self._written_s >= _REMEMBERED_EACH_S
        if self._memory and is_new:
            self._written_s = now_s
            try:
                self._memory.write_text(json.dumps({"boot": _boot_id(), "synchronised_s": now_s}))
            except OSError:
                # If the disk refuses, a restarted process waits for the time server again.
                return


def kernel_is_synchronised() -> bool:
    """Return False while the kernel reports TIME_ERROR: no NTP daemon disciplines the clock."""
    timex = ctypes.create_string_buffer(_TIMEX_BYTES)
    state: int = ctypes.CDLL(None, use_errno=True).adjtimex(timex)
    return 0 <= state < _TIME_ERROR


def _read(memory: Path | None) -> float | None:
    """Return when it was last synchronised since boot; None where that is unknown."""
    try:
        known = json.loads(memory.read_text()) if memory else {}
        return float(known["synchronised_s"]) if known["boot"] == _boot_id() else None
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _boot_id() -> str:
    return _BOOT_ID.read_text().strip()
