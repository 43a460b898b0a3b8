"""Detects taps from touches, time and targets.

Made for tremor: a tap counts when the finger lifts, small drift is forgiven, quick repeats don't count, and
targets are larger than what is drawn. Neither a second finger nor a resting palm acts or blocks.
"""

from collections.abc import Hashable, Sequence

from msgspec import Struct

from device.window_protocol.intents import RequestUrgentCall
from kiosk_ui.scene import Target

DRIFT_MM = 8.0
REACH_MM = 5.0
REPEAT_S = 0.8
REPEAT_MM = 20.0
REST_S = 1.0
LONGEST_TAP_S = 10.0
# Old people touch too far to the right and too low: a touch beside every target is moved back by this much,
# in the simple profile, with more tremor, by more.
LEAN_MM = {"full": 1.5, "simple": 2.5, "installer": 0.0}
# An installer types fast, and on keys side by side: only the panel's own bounces are repeats.
QUICK_REPEAT_S = 0.08


class _Touch(Struct):
    target: Target
    x: float
    y: float
    since_s: float
    strayed: bool = False


class TouchReader:
    """Tracks all fingers; at most one of them counts. Lengths in pixels, times in monotonic seconds."""

    def __init__(self, px_per_mm: float, lean_mm: float = LEAN_MM["full"]) -> None:
        self.px_per_mm = px_per_mm
        self.lean_mm = lean_mm
        self.repeat_s = REPEAT_S
        self._meant: Hashable = None
        self._touches: dict[Hashable, _Touch] = {}
        self._last_tap: tuple[float, float, float] | None = None

    @property
    def pressed(self) -> str | None:
        """Return the key of the target under the finger that counts."""
        touch = self._touches.get(self._meant)
        return None if touch is None or touch.strayed else touch.target.key

    @property
    def target(self) -> Target | None:
        """Return the target on which the finger that counts was put."""
        touch = self._touches.get(self._meant)
        return touch.target if touch else None

    def down(self, finger: Hashable, x: float, y: float, at_s: float, targets: Sequence[Target]) -> None:
        """Handle a finger that was put down."""
        target = meant_by(targets, x, y, self.px_per_mm, lean_mm=self.lean_mm)
        if target is None:
            return
        meant = self._touches.get(self._meant)
        # The same finger put down again: the panel lost its lift, which counts as no tap and blocks nothing.
        if meant is not None and finger != self._meant and at_s - meant.since_s < REST_S:
            return
        if meant is not None:
            # One that lay there for this long while another finger came is a palm.
            del self._touches[self._meant]
        self._touches[finger] = _Touch(target, x, y, at_s)
        self._meant = finger

    def move(self, finger: Hashable, x: float, y: float) -> None:
        """Handle a finger that moved."""
        touch = self._touches.get(finger)
        if touch is not None:
            touch.strayed = not self._is_near(touch, x, y)

    def up(
        self, finger: Hashable, x: float, y: float, at_s: float, targets: Sequence[Target]
    ) -> Target | None:
        """Handle a lifted finger. Return the tapped target, if it still exists."""
        touch = self._touches.pop(finger, None)
        if touch is None or finger != self._meant:
            return None
        self._meant = None
        if not self._is_near(touch, x, y) or self._is_repeat(touch, at_s):
            return None
        if at_s - touch.since_s > LONGEST_TAP_S and not touch.target.is_patient:
            return None
        still_there = next((target for target in targets if target.action == touch.target.action), None)
        if still_there is not None:
            self._last_tap = (at_s, touch.x, touch.y)
        return still_there

    def _is_near(self, touch: _Touch, x: float, y: float) -> bool:
        drift = ((x - touch.x) ** 2 + (y - touch.y) ** 2) ** 0.5
        return drift <= DRIFT_MM * self.px_per_mm or touch.target.box.distance(x, y) == 0

    def _is_repeat(self, touch: _Touch, at_s: float) -> bool:
        if self._last_tap is None:
            return False
        tapped_s, x, y = self._last_tap
        distance = ((x - touch.x) ** 2 + (y - touch.y) ** 2) ** 0.5
        return at_s - tapped_s < self.repeat_s and distance < REPEAT_MM * self.px_per_mm


def meant_by(
    targets: Sequence[Target], x: float, y: float, px_per_mm: float, *, lean_mm: float
) -> Target | None:
    """Return the target under the finger, or the nearest in reach of where it was meant to be."""

    def is_under(target: Target) -> bool:
        return target.box.distance(x, y) == 0

    def from_meant(target: Target) -> float:
        return target.box.distance(x - lean_mm * px_per_mm, y - lean_mm * px_per_mm)

    def is_in_reach(target: Target) -> bool:
        # Buttons that alert people are never triggered by a touch beside them.
        if isinstance(target.action, RequestUrgentCall):
            return False
        return min(target.box.distance(x, y), from_meant(target)) <= REACH_MM * px_per_mm

    in_reach = filter(is_in_reach, targets)
    return next(filter(is_under, targets), None) or min(in_reach, key=from_meant, default=None)
