"""The interface to the calendar for the café's opening hours."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Protocol

from cloud.organisations.models import Organisation


class OpenCafe(Protocol):
    """The café of an organisation, while it is open."""

    @property
    def owner(self) -> Organisation:
        """Return the organisation that runs the café."""

    @property
    def name(self) -> str:
        """Return the café's name as the screen and the pages show it."""

    @property
    def closes_at(self) -> datetime:
        """Return the closing time, aware."""


class Hours(Protocol):
    """The café app's interface to the calendar, which is a separate domain."""

    def open_cafe(self, organisation: Organisation, now: datetime, /) -> OpenCafe | None:
        """Return the café of this organisation, if it is open now."""

    def open_cafes(self, organisations: Iterable[Organisation], now: datetime, /) -> Sequence[OpenCafe]:
        """Return the cafés of these organisations that are open now, each once."""


_hours: list[Hours] = []


def connect(hours: Hours) -> None:
    """Set the interface; done once, by the desk app."""
    _hours[:] = [hours]


def open_cafe(organisation: Organisation, now: datetime) -> OpenCafe | None:
    """Return the café of this organisation, if it is open now."""
    return _hours[0].open_cafe(organisation, now) if _hours else None


def open_cafes(organisations: Iterable[Organisation], now: datetime) -> Sequence[OpenCafe]:
    """Return the cafés of these organisations that are open now, each once."""
    return _hours[0].open_cafes(organisations, now) if _hours else []
