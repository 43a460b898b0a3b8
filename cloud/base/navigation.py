"""The main menu: each domain registers its entries in ``AppConfig.ready``."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Count:
    """A number beside an entry, renewed when its live subject changes; the template knows it by ``name``."""

    name: str
    of: Callable[[Any], int]
    template: str
    url: str
    subject: str


@dataclass(frozen=True)
class Entry:
    """A link of the main menu; a page is in it by its ``section``."""

    section: str
    url: str
    icon: str
    label: object
    place: int
    # What one must be allowed to do to see it; everybody sees an entry without.
    verb: str = ""
    count: Count | None = None


_entries: dict[str, Entry] = {}


def register(entry: Entry) -> None:
    """Adds an entry, or replaces the one of the same section."""
    _entries[entry.section] = entry


def entries() -> list[Entry]:
    """All entries in the order of their places."""
    return sorted(_entries.values(), key=lambda entry: entry.place)
