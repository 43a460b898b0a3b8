"""Whether the caller's picture is good, said before it stands still. Pure."""

from collections import deque
from typing import Literal

# A picture that stands still for longer is seen to.
_LONGEST_GAP_S = 0.35
_LONGEST_HOLE_S = 0.15
_WINDOW_S = 2.0
_MOST_LOST = 0.06
# Before "good" is said again: words that come and go are worse than words that stay.
_GOOD_FOR_S = 4.0


class PictureWatch:
    """Fed with what comes of the caller's pictures; ``quality`` is asked a few times a second."""

    def __init__(self) -> None:
        self.shown_count = 0
        self._came: deque[float] = deque()
        self._counts: deque[tuple[float, int, int]] = deque()
        self._bad_at_s: float | None = None

    def shown(self, now_s: float) -> None:
        """A picture went to the window."""
        self.shown_count += 1
        self._came.append(now_s)

    def counted(self, expected: int, lost: int, now_s: float) -> None:
        """Packets since the beginning, as the network's statistics have them."""
        self._counts.append((now_s, expected, lost))
        while now_s - self._counts[0][0] > _WINDOW_S:
            self._counts.popleft()

    def quality(self, hole_age_s: float, now_s: float) -> Literal["good", "poor", "none"]:
        """``none`` until the first picture."""
        if not self._came:
            return "none"
        while len(self._came) > 1 and now_s - self._came[0] > _WINDOW_S:
            self._came.popleft()
        halting = now_s - self._came[-1] > max(_LONGEST_GAP_S, 4 * self._usual_gap_s())
        if halting or hole_age_s > _LONGEST_HOLE_S or self._lost_fraction() > _MOST_LOST:
            self._bad_at_s = now_s
        return "poor" if self._bad_at_s is not None and now_s - self._bad_at_s < _GOOD_FOR_S else "good"

    def _usual_gap_s(self) -> float:
        """A camera in the dark sends five pictures a second, and nothing is wrong."""
        count = len(self._came)
        return min(0.5, (self._came[-1] - self._came[0]) / (count - 1)) if count > 1 else 0.0

    def _lost_fraction(self) -> float:
        if not self._counts:
            return 0.0
        (_, expected, lost), (_, expected_now, lost_now) = self._counts[0], self._counts[-1]
        return (lost_now - lost) / (expected_now - expected) if expected_now - expected > 20 else 0.0
