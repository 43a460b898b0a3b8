"""Rates the caller's video before it freezes. Pure."""

from collections import deque
from typing import Literal

# A picture that freezes for longer is noticed.
_LONGEST_GAP_S = 0.35
_LONGEST_HOLE_S = 0.15
_WINDOW_S = 2.0
_MOST_LOST = 0.06
# Delay before "good" is shown again: a flickering warning is worse than a lasting one.
_GOOD_FOR_S = 4.0


class PictureWatch:
    """Collects statistics of the caller's video; ``quality`` is called a few times a second."""

    def __init__(self) -> None:
        self.shown_count = 0
        self._came: deque[float] = deque()
        self._counts: deque[tuple[float, int, int]] = deque()
        self._bad_at_s: float | None = None

    def shown(self, now_s: float) -> None:
        """Record that a picture was sent to the window."""
        self.shown_count += 1
        self._came.append(now_s)

    def counted(self, expected: int, lost: int, now_s: float) -> None:
        """Record the packets since the start, from the network statistics."""
        self._counts.append((now_s, expected, lost))
        while now_s - self._counts[0][0] > _WINDOW_S:
            self._counts.popleft()

    def quality(self, hole_age_s: float, now_s: float) -> Literal["good", "poor", "none"]:
        """Return the quality, ``none`` until the first picture."""
        if not self._came:
            return "none"
        while len(self._came) > 1 and now_s - self._came[0] > _WINDOW_S:
            self._came.popleft()
        halting = now_s - self._came[-1] > max(_LONGEST_GAP_S, 4 * self._usual_gap_s())
        if halting or hole_age_s > _LONGEST_HOLE_S or self._lost_fraction() > _MOST_LOST:
            self._bad_at_s = now_s
        return "poor" if self._bad_at_s is not None and now_s - self._bad_at_s < _GOOD_FOR_S else "good"

    def _usual_gap_s(self) -> float:
        """Return the usual gap between pictures: a camera in the dark sends five a second, no fault."""
        count = len(self._came)
        return min(0.5, (self._came[-1] - self._came[0]) / (count - 1)) if count > 1 else 0.0

    def _lost_fraction(self) -> float:
        if not self._counts:
            return 0.0
        (_, expected, lost), (_, expected_now, lost_now) = self._counts[0], self._counts[-1]
        return (lost_now - lost) / (expected_now - expected) if expected_now - expected > 20 else 0.0
