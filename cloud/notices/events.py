"""Event types for notifications, registered by domains with functions that find events."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from cloud.organisations.models import Organisation
from cloud.people.models import Resident

COMMON_FIELDS = ("resident", "organisation", "at")


@dataclass(frozen=True)
class EventType:
    """An event type, with its merge fields besides the common ones.

    ``is_urgent``: no quiet hours, and never combined with others in one message.
    """

    name: str
    label: object
    own_fields: tuple[str, ...] = ()
    is_urgent: bool = False

    @property
    def fields(self) -> tuple[str, ...]:
        """Return all merge fields of its templates."""
        return COMMON_FIELDS + self.own_fields


@dataclass(frozen=True)
class Happened:
    """An event; ``key`` is the same however often it is found."""

    key: str
    event: str
    organisation: Organisation
    at: datetime
    resident: Resident | None = None
    values: Mapping[str, str] | None = None


# Yields events since then, or a little before; called repeatedly.
Source = Callable[[datetime], Iterable[Happened]]

_types: dict[str, EventType] = {}
_sources: dict[str, tuple[Source, float]] = {}


def register(source: Source, *types: EventType, every_s: float = 2.0) -> None:
    """Register event types and their source, which is polled no more often than this."""
    _types.update({each.name: each for each in types})
    _sources[types[0].name] = source, every_s


def types() -> list[EventType]:
    """Return all types by name."""
    return sorted(_types.values(), key=lambda each: each.name)


def type_of(name: str) -> EventType | None:
    """Return the type of this name, or None."""
    return _types.get(name)


def sources() -> dict[str, tuple[Source, float]]:
    """Return all sources, and their polling intervals in seconds."""
    return dict(_sources)
