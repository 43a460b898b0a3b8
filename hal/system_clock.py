"""The kernel's clocks; its NTP discipline decides whether the wall clock is right."""

import ctypes
import json
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from hal.ports import ClockReading

_TIME_ERROR = 5
_TIMEX_BYTES = 208
_BOOT_ID = Path("/proc/sys/kernel/random/boot_id")
# The crystals of small computers are within 50 ppm, at any temperature of a home within 100. The kernel
# itself assumes 500, and says TIME_ERROR after nine hours without a time server (adjtimex(2), maxerror).
MOST_DRIFT = 100e-6
MOST_ERROR_S = 30.0
TRUSTED_FOR_S = MOST_ERROR_S / MOST_DRIFT
# How often the last synchronisation is saved, and at once where the clock was set by more than this.
_REMEMBERED_EACH_S = 600.0
_SET_BY_S = 1.0


class _Synchronised(NamedTuple):
    """``CLOCK_BOOTTIME`` at a synchronisation, and how far ``CLOCK_REALTIME`` was ahead of it."""

    at_s: float
    ahead_s: float


class SystemClock:
    """``CLOCK_REALTIME``, ``CLOCK_BOOTTIME``, and whether the former is trusted.

    Once synchronised since boot, it is trusted while its greatest possible error is below ``MOST_ERROR_S``:
    what it may have drifted since, and what somebody has set it by. ``memory`` is a file that passes the
    last synchronisation to the next process of this boot.
    """

    def __init__(self, is_synchronised: Callable[[], bool] | None = None, memory: Path | None = None) -> None:
        self._is_synchronised = is_synchronised or kernel_is_synchronised
        self._memory = memory
        self._last = self._saved = _read(memory)

    def read(self) -> ClockReading:
        """Read all clocks at one instant."""
        monotonic_s = time.clock_gettime(time.CLOCK_BOOTTIME)
        wall_s = time.clock_gettime(time.CLOCK_REALTIME)
        trusted = self._is_trusted(_Synchronised(monotonic_s, wall_s - monotonic_s))
        return ClockReading(datetime.fromtimestamp(wall_s, UTC), monotonic_s, trusted)

    def _is_trusted(self, now: _Synchronised) -> bool:
        if self._is_synchronised():
            self._last = now
            self._remember(now)
            return True
        if self._last is None:
            return False
        drift_s = (now.at_s - self._last.at_s) * MOST_DRIFT
        return drift_s + abs(now.ahead_s - self._last.ahead_s) < MOST_ERROR_S

    def _remember(self, now: _Synchronised) -> None:
        saved = self._saved
        if not self._memory or (
            saved
            and now.at_s - saved.at_s < _REMEMBERED_EACH_S
            and abs(now.ahead_s - saved.ahead_s) < _SET_BY_S
        ):
            return
        self._saved = now
        try:
            self._memory.write_text(json.dumps({"boot": _boot_id(), **now._asdict()}))
        except OSError:
            # If the disk refuses, a restarted process waits for the time server again.
            return


def kernel_is_synchronised() -> bool:
    """Return False while the kernel reports TIME_ERROR: no NTP daemon disciplines the clock."""
    timex = ctypes.create_string_buffer(_TIMEX_BYTES)
    state: int = ctypes.CDLL(None, use_errno=True).adjtimex(timex)
    return 0 <= state < _TIME_ERROR


def _read(memory: Path | None) -> _Synchronised | None:
    """Return the last synchronisation since boot; None where that is unknown."""
    try:
        known = json.loads(memory.read_text()) if memory else {}
        last = _Synchronised(float(known["at_s"]), float(known["ahead_s"]))
        return last if known["boot"] == _boot_id() else None
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _boot_id() -> str:
    return _BOOT_ID.read_text().strip()
