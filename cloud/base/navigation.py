"""The main menu: each domain registers its entries in ``AppConfig.ready``."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count as CountRows
from django.db.models import QuerySet, Value

from cloud.base import streamed_parts


@dataclass(frozen=True)
class Count:
    """The number of ``rows`` of a user beside an entry, refreshed when its live subject changes.

    The template uses its ``name``.
    """

    name: str
    rows: Callable[[Any], QuerySet[Any]]
    template: str
    url: str
    subject: str

    @property
    def is_streamed(self) -> bool:
        """Return whether the live stream brings it with a change."""
        return streamed_parts.is_streamed(self.url)


@dataclass(frozen=True)
class Entry:
    """A link of the main menu, highlighted on pages of its ``section``."""

    section: str
    url: str
    icon: str
    label: object
    place: int
    # The permission needed to see it; without one everybody sees it.
    verb: str = ""
    count: Count | None = None


_entries: dict[str, Entry] = {}


def register(entry: Entry) -> None:
    """Add an entry, or replace the one of the same section."""
    _entries[entry.section] = entry


def entries() -> list[Entry]:
    """Return all entries in order."""
    return sorted(_entries.values(), key=lambda entry: entry.place)


def count_all(rows: Mapping[str, QuerySet[Any]]) -> dict[str, int]:
    """Return how many rows each of these has, with one query."""
    if not rows:
        return {}
    first, *others = (
        each.order_by().values(counted=Value(name)).annotate(number=CountRows("pk"))
        for name, each in rows.items()
    )
    found = {each["counted"]: each["number"] for each in first.union(*others, all=True)}
    return {name: found.get(name, 0) for name in rows}
