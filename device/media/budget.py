"""How much video the line can carry beside the audio, which has priority. Pure."""

from typing import NamedTuple


class Plan(NamedTuple):
    """The video's size and rate. ``bitrate`` 0: none is sent, the audio needs the line."""

    width_px: int
    height_px: int
    rate_hz: float
    bitrate: int


NO_PICTURE = Plan(0, 0, 0.0, 0)
FIRST_BITRATE = 800_000
LEAST_BITRATE = 60_000
_MOST_BITRATE = 1_000_000
_STEPS = ((350_000, 640, 480, 30.0), (180_000, 640, 480, 15.0), (90_000, 320, 240, 15.0), (0, 320, 240, 6.0))

# More than one packet in ten is lost: reduce the video, whatever the other end estimates.
_MOST_LOST = 0.1
# Reports grow while the line is wide enough: a smaller one than before indicates a queue.
_SHRUNK = 0.97
_FIRST_SHRUNK = 0.8
_LEAST_CUT, _MOST_CUT = 0.85, 0.5
_GROWTH = 1.3
_SHORTEST_CALM_S, _LONGEST_CALM_S = 8.0, 64.0
_SOON_S = 10.0


class PictureBudget:
    """Adapts the video once a second. Each change costs a key frame: small ones are skipped."""

    def __init__(self, now_s: float) -> None:
        self.plan = of_bitrate(FIRST_BITRATE)
        self._bitrate = float(FIRST_BITRATE)
        self._reported: int | None = None
        self._calm_s = _SHORTEST_CALM_S
        self._changed_at_s = self._grew_at_s = now_s

    def follow(self, *, reported: int | None, sent: float, lost_fraction: float, now_s: float) -> Plan:
        """Return the plan from now on.

        ``reported`` is the other end's estimate (REMB). A low one means nothing where little was ``sent``: it
        cannot measure much more than it receives. Both in bits a second.
        """
        if self._is_too_much(reported, sent, lost_fraction):
            self._cut(reported, now_s)
        elif reported and reported > self._bitrate:
            self._set(min(reported, _GROWTH * self._bitrate), now_s)
        elif now_s - self._changed_at_s > self._calm_s:
            self._grew_at_s = now_s
            self._set(max(LEAST_BITRATE, _GROWTH * self._bitrate), now_s)
        self._reported = reported
        if abs(self._bitrate - self.plan.bitrate) > 0.2 * self.plan.bitrate:
            self.plan = of_bitrate(int(self._bitrate))
        return self.plan

    def _is_too_much(self, reported: int | None, sent: float, lost_fraction: float) -> bool:
        if lost_fraction > _MOST_LOST:
            return True
        if reported is None:
            return False
        return reported < (_FIRST_SHRUNK * sent if self._reported is None else _SHRUNK * self._reported)

    def _cut(self, reported: int | None, now_s: float) -> None:
        # Growth that failed at once is retried after longer and longer intervals.
        failed = now_s - self._grew_at_s < _SOON_S
        self._calm_s = min(_LONGEST_CALM_S, 2 * self._calm_s) if failed else _SHORTEST_CALM_S
        wanted = reported if reported is not None else self._bitrate * _LEAST_CUT
        self._set(min(self._bitrate * _LEAST_CUT, max(self._bitrate * _MOST_CUT, wanted)), now_s)

    def _set(self, bitrate: float, now_s: float) -> None:
        self._bitrate = min(_MOST_BITRATE, bitrate)
        self._changed_at_s = now_s


def of_bitrate(bitrate: int) -> Plan:
    """Return the largest video that is still good at this bitrate; none where it is too low."""
    if bitrate < LEAST_BITRATE * _MOST_CUT:
        return NO_PICTURE
    _, width_px, height_px, rate_hz = next(step for step in _STEPS if bitrate >= step[0])
    return Plan(width_px, height_px, rate_hz, bitrate)
