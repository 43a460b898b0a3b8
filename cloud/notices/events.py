"""The types of events that people can be notified of: domains register them, and say what has happened."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from cloud.organisations.models import Organisation
from cloud.people.models import Resident

COMMON_FIELDS = ("resident", "organisation", "at")


@dataclass(frozen=True)
class EventType:
    """One type, and the merge fields that its templates may use besides those of every type.

    ``is_urgent``: no quiet hours, and never gathered into one message with others.
    """

    name: str
    label: object
    own_fields: tuple[str, ...] = ()
    is_urgent: bool = False

    @property
    def fields(self) -> tuple[str, ...]:
        """All merge fields of its templates."""
        return COMMON_FIELDS + self.own_fields


@dataclass(frozen=True)
class Happened:
    """Something that has happened; ``key`` is the same however often it is found."""

    key: str
    event: str
    organisation: Organisation
    at: datetime
    resident: Resident | None = None
    values: Mapping[str, str] | None = None


# What has happened since then, or a little before; asked for again and again.
Source = Callable[[datetime], Iterable[Happened]]

_types: dict[str, EventType] = {}
_sources: dict[str, tuple[Source, float]] = {}


def register(source: Source, *types: EventType, every_s: float = 2.0) -> None:
    """Adds types of events, and who finds them: asked no more often than this."""
    _types.update({each.name: each for each in types})
    _sources[types[0].name] = source, every_s


def types() -> list[EventType]:
    """All of them, by name."""
    return sorted(_types.values(), key=lambda each: each.name)


def type_of(name: str) -> EventType | None:
    """The type of this name."""
    return _types.get(name)


def sources() -> dict[str, tuple[Source, float]]:
    """All who find events, and how often they are asked, in seconds."""
    return dict(_sources)
