"""Contributions to a page from domains it does not import, registered in ``AppConfig.ready``."""

from collections import defaultdict
from collections.abc import Callable

Part = Callable[..., dict[str, object]]

_parts: dict[str, list[Part]] = defaultdict(list)


def add(page: str, part: Part) -> None:
    """Add what ``part`` returns to the context of the page (``"help:board"``)."""
    _parts[page].append(part)


def of(page: str, *subjects: object) -> dict[str, object]:
    """Return the combined context of all contributions; each page documents its arguments."""
    context: dict[str, object] = {}
    for part in _parts[page]:
        context |= part(*subjects)
    return context
