"""Notifications of changed rows, merged and bounded for each subscriber."""

from collections.abc import Iterable
from dataclasses import dataclass

from cloud.notify.bounded_queue import BoundedQueue

# More rows than a page shows: then it asks for all that it shows.
MOST_ROWS = 100
MOST_SUBJECTS = 20


@dataclass(frozen=True)
class Change:
    """A subject that has changed; without ``rows`` any of its rows may have changed."""

    subject: str
    rows: tuple[str, ...] = ()


def written(subject: str, row: str = "") -> str:
    """Encode a change for the broker."""
    return f"{subject} {row}" if row else subject


def merged(texts: Iterable[str]) -> list[Change]:
    """Decode changes and merge them to one for each subject."""
    rows: dict[str, list[str]] = {}
    whole = set()
    for text in texts:
        subject, _, row = text.partition(" ")
        rows.setdefault(subject, []).append(row)
        if not row:
            whole.add(subject)
    return [Change(subject, () if subject in whole else tuple(named)) for subject, named in rows.items()]


class ChangeQueue(BoundedQueue[str]):
    """Encoded changes for one subscriber; too many rows of a subject become the whole subject."""

    def __init__(self) -> None:
        super().__init__(MOST_ROWS + MOST_SUBJECTS)

    def _add(self, item: str) -> None:
        subject, _, row = item.partition(" ")
        rows = [each for each in self._items if each.startswith(f"{subject} ")]
        if not row or len(rows) >= MOST_ROWS:
            self._items = [each for each in self._items if each not in rows]
            item = subject
        if subject in self._items:
            return
        super()._add(item)
