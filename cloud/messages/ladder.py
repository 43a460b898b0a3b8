"""Escalation of unconfirmed reminders: people one by one, then the desk (K6). Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

WAIT = timedelta(minutes=5)
DESK = "desk"


@dataclass(frozen=True)
class Notified:
    """A past step; ``has_failed`` once its delivery has failed."""

    key: str
    at: datetime
    has_failed: bool


@dataclass(frozen=True)
class Step:
    """The person to notify next, by key, and when."""

    key: str
    due_at: datetime


def next_step(
    unconfirmed_at: datetime, people: Sequence[str], notified: Sequence[Notified], now: datetime
) -> Step | None:
    """Return the next step, now or later; None once the desk has it. A failed one is followed at once."""
    keys = {each.key for each in notified}
    if DESK in keys:
        return None
    last = notified[-1] if notified else None
    due_at = unconfirmed_at if last is None else last.at + (timedelta() if last.has_failed else WAIT)
    # A step in the future was recorded before the clock was set back: it does not delay the next.
    due_at = min(due_at, now + WAIT)
    return Step(next((key for key in people if key not in keys), DESK), due_at)
