"""The interface of the SFU for audio and video; Janus is one adapter."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Protocol


class SfuError(Exception):
    """The SFU refused a request; nobody else at the table is affected."""


class SfuUnreachable(SfuError):
    """There is no SFU, or it crashed; its rooms are lost."""


@dataclass(frozen=True)
class Connections:
    """A participant's session descriptions: audio both ways, and their own video if they send one."""

    sound: str
    picture: str = ""


@dataclass(frozen=True)
class Speaking:
    """A participant starts or stops speaking."""

    room: str
    person: str
    speaks: bool


@dataclass(frozen=True)
class PictureChanged:
    """A participant's video starts or stops arriving."""

    room: str
    person: str
    arrives: bool


@dataclass(frozen=True)
class LineLost:
    """Nothing arrives from a participant any more."""

    room: str
    person: str


@dataclass(frozen=True)
class ViewLost:
    """The connection by which a participant sees others has failed, or never came about."""

    room: str
    person: str


@dataclass(frozen=True)
class EngineLost:
    """The SFU crashed, and every room with it."""


SfuEvent = Speaking | PictureChanged | LineLost | ViewLost | EngineLost


class Sfu(Protocol):
    """An SFU; every method raises ``SfuError``. Persons and rooms are opaque ids, never names."""

    async def connect(self) -> None:
        """Connect to the SFU, with a new session. Raises ``SfuUnreachable``."""

    async def open_room(self, room: str) -> None:
        """Create an empty room for a table."""

    async def close_room(self, room: str) -> None:
        """Remove a room and everybody in it."""

    async def seat(self, room: str, person: str, offers: Connections) -> Connections:
        """Connect a participant; return the answers to their offers."""

    async def show(self, room: str, viewer: str, person: str) -> str:
        """Show a participant's video to the viewer; return an offer where that needs a new connection."""

    async def take_answer(self, room: str, viewer: str, answer: str) -> None:
        """Set the viewer's answer to the offer of ``show``."""

    async def show_nobody(self, room: str, viewer: str) -> None:
        """End the connection of the viewer's incoming video."""

    async def mute(self, room: str, person: str, *, muted: bool) -> None:
        """Mute or unmute this person for everybody."""

    async def remove(self, room: str, person: str) -> None:
        """Close all connections of a person."""

    def events(self) -> AsyncIterator[SfuEvent]:
        """Yield the SFU's asynchronous events."""

    async def close(self) -> None:
        """Disconnect from the SFU; its rooms end."""
