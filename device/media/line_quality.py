"""Whether the caller's picture is good, said before it stands still; what the line carries of ours. Pure."""

from collections import deque
from typing import Literal, NamedTuple

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
        self._came: deque[float] = deque()
        self._counts: deque[tuple[float, int, int]] = deque()
        self._bad_at_s: float | None = None

    def shown(self, now_s: float) -> None:
        """A picture went to the window."""
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


class Plan(NamedTuple):
    """What the camera's picture is brought down to. ``bitrate`` 0: none is sent, the sound needs the line."""

    width_px: int
    height_px: int
    rate_hz: float
    bitrate: int


class Line(NamedTuple):
    """What is known of the way to the caller, in bits a second.

    ``reported`` is how much of a picture their end says that it can receive (REMB), ``sent`` what went there,
    ``lost_fraction`` how much of that they report as lost.
    """

    reported: float
    sent: float
    lost_fraction: float


NO_PICTURE = Plan(0, 0, 0.0, 0)
_MOST_BITRATE = 1_200_000
_LEAST_BITRATE = 40_000
_STEPS = ((350_000, 640, 480, 30.0), (180_000, 640, 480, 15.0), (90_000, 320, 240, 15.0), (0, 320, 240, 6.0))
# More than one packet in ten is lost: less of the picture, whatever the other end thinks of the line.
_MOST_REPORTED_LOST = 0.1
_LEAST_CHANGE = 0.25
# Their end cannot know of more than half as much again as it gets: only less than that speaks of the line.
_FULL = 1.25


def plan(line: Line, before: Plan) -> Plan:
    """The picture that such a line carries beside the sound; ``before`` where the change would be small."""
    bitrate = line.reported
    if line.reported > _FULL * line.sent:
        bitrate = max(bitrate, before.bitrate)
    if line.lost_fraction > _MOST_REPORTED_LOST:
        bitrate = min(bitrate, before.bitrate) * max(0.5, 1 - line.lost_fraction)
    if bitrate < _LEAST_BITRATE:
        return NO_PICTURE
    bitrate = min(_MOST_BITRATE, bitrate)
    if abs(bitrate - before.bitrate) < _LEAST_CHANGE * before.bitrate:
        return before
    return of_bitrate(int(bitrate))


def of_bitrate(bitrate: int) -> Plan:
    """The largest picture that is still good with so much."""
    _, width_px, height_px, rate_hz = next(step for step in _STEPS if bitrate >= step[0])
    return Plan(width_px, height_px, rate_hz, bitrate)
