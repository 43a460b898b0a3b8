"""A clock that only a test moves."""

from datetime import UTC, datetime, timedelta

from hal.ports import ClockReading


class SimulatedClock:
    """A clock in the test's hand."""

    def __init__(self, wall: datetime | None = None, *, trusted: bool = True) -> None:
        self._wall = wall or datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
        self._monotonic_s = 1000.0
        self.trusted = trusted

    def read(self) -> ClockReading:
        """The time that was set, plus what has been let pass."""
        return ClockReading(self._wall, self._monotonic_s, self.trusted)

    def advance(self, seconds: float) -> None:
        """Let time pass on every clock."""
        self._wall += timedelta(seconds=seconds)
        self._monotonic_s += seconds

    def jump(self, wall: datetime) -> None:
        """Set the wall clock, as NTP or a flat battery does; no time passes."""
        self._wall = wall
