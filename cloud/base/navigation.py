"""The main menu: each domain registers its entries in ``AppConfig.ready``."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Count:
    """A number beside an entry, refreshed when its live subject changes; the template uses its ``name``."""

    name: str
    of: Callable[[Any], int]
    template: str
    url: str
    subject: str


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
