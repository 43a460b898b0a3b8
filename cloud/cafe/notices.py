"""What the tables tell those who sit at them, and the desk."""

from dataclasses import dataclass

from cloud.cafe.sessions import Reason
from cloud.cafe.sfu import Connections


@dataclass(frozen=True)
class SeatTaken:
    """They are at the table: the answers to what they offered."""

    answers: Connections


@dataclass(frozen=True)
class Shown:
    """Whom they see now, or nobody; ``offer`` where that takes a new connection."""

    whom: str | None
    offer: str = ""


@dataclass(frozen=True)
class Out:
    """They are not at the table any more, or were not let in."""

    reason: Reason


@dataclass(frozen=True)
class StillHereAsked:
    """Are they still here? Without an answer their place is free at ``until_s``."""

    until_s: float


@dataclass(frozen=True)
class MuteChanged:
    """Whether nobody hears them."""

    muted: bool


@dataclass(frozen=True)
class ComeAgain:
    """The engine has lost them: they are to offer connections anew."""


@dataclass(frozen=True)
class Unusable:
    """What they offered cannot be used."""

    why: str


Notice = SeatTaken | Shown | Out | StillHereAsked | MuteChanged | ComeAgain | Unusable


@dataclass(frozen=True)
class Presence:
    """Who has a place in the room, whose line of them is lost, and why it ended if it did; for the record."""

    room: str
    people: frozenset[str]
    away: frozenset[str] = frozenset()
    ended: Reason | None = None
