"""The device's core with a wall clock that jumps: ``python -m tests.campaign.core FILE --settings FILE``.

The first file holds by how many seconds the clock is wrong now; everything else is ``python -m device``.
"""

import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from device import main as device_main
from hal.ports import ClockReading
from hal.system_clock import SystemClock

_OFFSET = Path(sys.argv.pop(1))


class JumpingClock(SystemClock):
    """The machine's clock, wrong by as much as the file says."""

    def __init__(self, is_synchronised: Callable[[], bool] | None = None, memory: Path | None = None) -> None:
        super().__init__(is_synchronised, memory)
        self._wrong_s = 0.0

    def read(self) -> ClockReading:
        """Read the file again; a file that is being written counts the next time."""
        reading = super().read()
        text = _OFFSET.read_text(encoding="ascii").strip()
        self._wrong_s = float(text) if text else self._wrong_s
        return reading._replace(wall=reading.wall + timedelta(seconds=self._wrong_s))


if __name__ == "__main__":
    device_main.SystemClock = JumpingClock  # type: ignore[attr-defined]
    raise SystemExit(device_main.main())
