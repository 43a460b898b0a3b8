"""A simulated clock that only the test advances."""

from datetime import UTC, datetime, timedelta

from hal.ports import ClockReading


class SimulatedClock:
    """A clock that is set and advanced by method calls."""

    def __init__(self, wall: datetime | None = None, *, trusted: bool = True) -> None:
        self._wall = wall or datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
        self._monotonic_s = 1000.0
        self.trusted = trusted

    def read(self) -> ClockReading:
        """Return the time that was set, plus what was advanced."""
        return ClockReading(self._wall, self._monotonic_s, self.trusted)

    def advance(self, seconds: float) -> None:
        """Advance wall and monotonic clock by the same seconds."""
        self._wall += timedelta(seconds=seconds)
        self._monotonic_s += seconds

    def jump(self, wall: datetime) -> None:
        """Set the wall clock as NTP or a flat battery would; the monotonic clock does not move."""
        self._wall = wall
