"""What comes after a try that failed: again later, the next way, or the end. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta

PAUSES = (timedelta(seconds=15), timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=15))


@dataclass(frozen=True)
class Progress:
    """Where a message is: its way, the tries by it, and how many ways there are."""

    way: int
    tries: int
    ways: int


@dataclass(frozen=True)
class Next:
    """When to try by which way; ``at`` is None where nothing is left."""

    way: int
    tries: int
    at: datetime | None


def after_failure(progress: Progress, now: datetime, until: datetime, *, permanent: bool) -> Next:
    """The same way again after a pause; where that cannot help or comes too late, the next way at once."""
    tries = progress.tries + 1
    again_at = now + PAUSES[tries - 1] if not permanent and tries <= len(PAUSES) else None
    if again_at is not None and again_at < until:
        return Next(progress.way, tries, again_at)
    if progress.way + 1 < progress.ways and now < until:
        return Next(progress.way + 1, 0, now)
    return Next(progress.way, tries, None)
