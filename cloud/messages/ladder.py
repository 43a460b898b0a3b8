"""Who is told next that a reminder is not confirmed: people one by one, then the desk (K6). Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

WAIT = timedelta(minutes=5)
DESK = "desk"


@dataclass(frozen=True)
class Told:
    """A step of the past; ``has_failed`` once it is known that its message did not go out."""

    key: str
    at: datetime
    has_failed: bool


@dataclass(frozen=True)
class Step:
    """Whom to tell, by the key of the person, and from when on."""

    key: str
    due_at: datetime


def next_step(
    unconfirmed_at: datetime, people: Sequence[str], told: Sequence[Told], now: datetime
) -> Step | None:
    """The next step, now or later; None once the desk has it. Where one fails, the next is due at once."""
    keys = {each.key for each in told}
    if DESK in keys:
        return None
    last = told[-1] if told else None
    due_at = unconfirmed_at if last is None else last.at + (timedelta() if last.has_failed else WAIT)
    # What was noted before the clock was set back makes nobody wait for longer.
    due_at = min(due_at, now + WAIT)
    return Step(next((key for key in people if key not in keys), DESK), due_at)
