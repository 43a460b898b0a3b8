"""Notifications of changed rows, merged and bounded for each subscriber."""

from collections import Counter
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


def written(subject: str, *rows: str) -> str:
    """Encode a change for the broker."""
    return " ".join((subject, *filter(None, rows)))


def each_row(text: str) -> list[str]:
    """Return an encoded change of several rows as one for each; of too many as one of the whole subject."""
    subject, *rows = text.split(" ")
    named = [row for row in rows if row]
    return [written(subject, row) for row in named] if 0 < len(named) <= MOST_ROWS else [subject]


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
        self._rows = Counter[str]()

    async def take(self) -> list[str]:
        """Wait, and return all changes, oldest first."""
        items = await super().take()
        self._rows.clear()
        return items

    def _add(self, item: str) -> None:
        subject, _, row = item.partition(" ")
        if subject in self._items or item in self._items:
            return
        if row and self._rows[subject] < MOST_ROWS:
            self._rows[subject] += 1
        else:
            self._items = {each: None for each in self._items if not each.startswith(f"{subject} ")}
            item = subject
        super()._add(item)
