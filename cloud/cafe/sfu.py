"""The engine that carries sound and pictures, as the café needs it; Janus is one adapter of it."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Protocol


class SfuError(Exception):
    """The engine refused a request; nobody else at the table notices."""


class SfuUnreachable(SfuError):
    """There is no engine, or it died; its rooms are lost."""


@dataclass(frozen=True)
class Connections:
    """Session descriptions of one participant: sound both ways, and their own picture where they send one."""

    sound: str
    picture: str = ""


@dataclass(frozen=True)
class Speaking:
    """Somebody begins or stops to speak."""

    room: str
    person: str
    speaks: bool


@dataclass(frozen=True)
class PictureChanged:
    """Somebody's picture arrives at the engine, or does not any more."""

    room: str
    person: str
    arrives: bool


@dataclass(frozen=True)
class LineLost:
    """Nothing comes from somebody any more."""

    room: str
    person: str


@dataclass(frozen=True)
class EngineLost:
    """The engine died, and every room with it."""


SfuEvent = Speaking | PictureChanged | LineLost | EngineLost


class Sfu(Protocol):
    """Every method raises ``SfuError``. Persons and rooms are opaque ids, never names."""

    async def connect(self) -> None:
        """Reach the engine."""

    async def open_room(self, room: str) -> None:
        """Make an empty room."""

    async def close_room(self, room: str) -> None:
        """Remove a room and everybody in it."""

    async def seat(self, room: str, person: str, offers: Connections) -> Connections:
        """Connect somebody, and return the answers to what they offer."""

    async def show(self, room: str, viewer: str, person: str) -> str:
        """Show somebody to the viewer; returns an offer where that takes a new connection, else nothing."""

    async def take_answer(self, room: str, viewer: str, answer: str) -> None:
        """The viewer's answer to the offer of ``show``."""

    async def show_nobody(self, room: str, viewer: str) -> None:
        """End the connection on which the viewer sees others."""

    async def mute(self, room: str, person: str, *, muted: bool) -> None:
        """Let nobody hear this person, or everybody again."""

    async def remove(self, room: str, person: str) -> None:
        """Close all connections of somebody."""

    def events(self) -> AsyncIterator[SfuEvent]:
        """What the engine notices by itself."""

    async def close(self) -> None:
        """Leave the engine; its rooms end."""
