"""Parts of pages that come with the notification, drawn once for all who see the same (decision 0154).

Domains register them in ``AppConfig.ready``.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol


class SharedPart(Protocol):
    """What was read for one user, and is right for everybody who may see the same."""

    def html_for(self, user: Any) -> str | None:
        """Return the part as this user sees it; None where their page has to ask for it."""


@dataclass(frozen=True)
class Part:
    """A part of the page ``url``, changed by the live ``subject``; ``verb`` as for the page itself."""

    url: str
    subject: str
    verb: Any
    read: Callable[[Any], SharedPart]


_parts: dict[str, Part] = {}


def register(part: Part) -> None:
    """Add a part, or replace the one of the same page."""
    _parts[part.url] = part


def is_streamed(url: str) -> bool:
    """Return whether the part of this page (``"help:count"``) comes with the stream."""
    return url in _parts


def changed_by(subject: str) -> list[Part]:
    """Return the parts that a change of this subject may change."""
    return [part for part in _parts.values() if part.subject == subject]
