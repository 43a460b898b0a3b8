"""When the café is open: the calendar knows, and says so through this door."""

from datetime import datetime
from typing import Protocol

from cloud.organisations.models import Organisation


class OpenCafe(Protocol):
    """The café that serves an organisation, while it is open."""

    @property
    def owner(self) -> Organisation:
        """The organisation whose café it is."""

    @property
    def name(self) -> str:
        """What it is called."""

    @property
    def closes_at(self) -> datetime:
        """Aware."""


class Hours(Protocol):
    """What the tables need of the calendar, which is a domain beside this one."""

    def open_cafe(self, organisation: Organisation, now: datetime, /) -> OpenCafe | None:
        """The café that the people of this organisation go to, if it is open now."""


_hours: list[Hours] = []


def connect(hours: Hours) -> None:
    """Says where the hours are; done once, by the desk."""
    _hours[:] = [hours]


def open_cafe(organisation: Organisation, now: datetime) -> OpenCafe | None:
    """The café that the people of this organisation go to, if it is open now."""
    return _hours[0].open_cafe(organisation, now) if _hours else None
