"""Decides what follows a failed attempt: retry, next channel, or failure. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta

PAUSES = (timedelta(seconds=15), timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=15))


@dataclass(frozen=True)
class Progress:
    """A message's channel, its attempts there, and the number of channels."""

    way: int
    tries: int
    ways: int


@dataclass(frozen=True)
class Next:
    """The next attempt and its channel; ``at`` is None where nothing is left."""

    way: int
    tries: int
    at: datetime | None


def after_failure(progress: Progress, now: datetime, until: datetime, *, permanent: bool) -> Next:
    """Return a retry after a pause; where that is useless or too late, the next channel at once."""
    tries = progress.tries + 1
    again_at = now + PAUSES[tries - 1] if not permanent and tries <= len(PAUSES) else None
    if again_at is not None and again_at < until:
        return Next(progress.way, tries, again_at)
    if progress.way + 1 < progress.ways and now < until:
        return Next(progress.way + 1, 0, now)
    return Next(progress.way, tries, None)
