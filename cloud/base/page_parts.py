"""What a page shows of domains that it does not know: they register it in ``AppConfig.ready``."""

from collections import defaultdict
from collections.abc import Callable

Part = Callable[..., dict[str, object]]

_parts: dict[str, list[Part]] = defaultdict(list)


def add(page: str, part: Part) -> None:
    """Adds to the context of the page (``"help:board"``) what the part returns."""
    _parts[page].append(part)


def of(page: str, *subjects: object) -> dict[str, object]:
    """What all parts of the page say of these subjects, which each page documents."""
    context: dict[str, object] = {}
    for part in _parts[page]:
        context |= part(*subjects)
    return context
