"""Messages from the tables to participants, and to the desk."""

from dataclasses import dataclass

from cloud.cafe.sessions import Reason
from cloud.cafe.sfu import Connections


@dataclass(frozen=True)
class SeatTaken:
    """They are seated: the answers to their offers."""

    answers: Connections


@dataclass(frozen=True)
class Shown:
    """The participant that they see now, or None; ``offer`` where that needs a new connection."""

    whom: str | None
    offer: str = ""


@dataclass(frozen=True)
class Out:
    """They have been removed from the table, or were not admitted."""

    reason: Reason


@dataclass(frozen=True)
class StillHereAsked:
    """Asks whether they are still there; without an answer the seat is free at ``until_s``."""

    until_s: float


@dataclass(frozen=True)
class MuteChanged:
    """The host has muted this participant, or no longer mutes them."""

    muted: bool


@dataclass(frozen=True)
class ComeAgain:
    """The SFU has lost them: they must offer new connections."""


@dataclass(frozen=True)
class Unusable:
    """Their offer cannot be used."""

    why: str


Notice = SeatTaken | Shown | Out | StillHereAsked | MuteChanged | ComeAgain | Unusable


@dataclass(frozen=True)
class Presence:
    """Who has a place in the room, whose line of them is lost, and why it ended if it did; for the record."""

    room: str
    people: frozenset[str]
    away: frozenset[str] = frozenset()
    ended: Reason | None = None
