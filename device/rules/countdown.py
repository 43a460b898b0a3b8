"""Countdowns during which an action can be cancelled."""

from device.rules.now import Now

CANCEL_S = 10.0


def is_over(began_s: float, now: Now) -> bool:
    """Return whether the countdown has ended."""
    return now.monotonic_s - began_s >= CANCEL_S


def seconds_left(began_s: float, now: Now) -> int:
    """Return the whole seconds that are left, at least 1."""
    return max(1, min(int(CANCEL_S), -int(-(began_s + CANCEL_S - now.monotonic_s) // 1)))


def seconds_to_next(began_s: float, now: Now) -> float:
    """Return the time until the next whole second."""
    return max(0.0, began_s + CANCEL_S - now.monotonic_s) % 1.0
