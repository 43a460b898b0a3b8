"""Seconds in which something can still be taken back, before it counts."""

from device.rules.moment import Moment

CANCEL_S = 10.0


def is_over(began_s: float, now: Moment) -> bool:
    """Whether it counts by now."""
    return now.monotonic_s - began_s >= CANCEL_S


def seconds_left(began_s: float, now: Moment) -> int:
    """Whole seconds that are left, at least 1."""
    return max(1, min(int(CANCEL_S), -int(-(began_s + CANCEL_S - now.monotonic_s) // 1)))


def seconds_to_next(began_s: float, now: Moment) -> float:
    """Until the next whole second."""
    return max(0.0, began_s + CANCEL_S - now.monotonic_s) % 1.0
