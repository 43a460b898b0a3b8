"""Who is told next that a reminder is not confirmed: relatives one by one, then the desk (K6). Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

WAIT = timedelta(minutes=5)
DESK = "desk"


@dataclass(frozen=True)
class Relative:
    """Somebody who is told by e-mail; ``key`` is the same whatever else changes."""

    key: str
    name: str
    email: str


@dataclass(frozen=True)
class Told:
    """A step of the past, and whether it went out."""

    key: str
    at: datetime
    is_sent: bool


@dataclass(frozen=True)
class Step:
    """Whom to tell, and from when on."""

    key: str
    name: str
    email: str
    due_at: datetime


def next_step(
    unconfirmed_at: datetime, relatives: Sequence[Relative], told: Sequence[Told], now: datetime
) -> Step | None:
    """The next step, now or later; None once the desk has it. Where one fails, the next is due at once."""
    keys = {each.key for each in told}
    if DESK in keys:
        return None
    last = told[-1] if told else None
    due_at = unconfirmed_at if last is None else last.at + (WAIT if last.is_sent else timedelta())
    # What was noted before the clock was set back makes nobody wait for longer.
    due_at = min(due_at, now + WAIT)
    left = next((each for each in relatives if each.key not in keys), None)
    return Step(left.key, left.name, left.email, due_at) if left else Step(DESK, "", "", due_at)
