"""The state of a seat at a table, and of invitations."""

from datetime import datetime
from typing import Literal

from msgspec import Struct

from device.contract.cafe import OutReason
from device.rules.calls.call import Part

Stage = Literal["asking", "entering", "seated"]
# Why the resident left the table, as the screen shows it.
OverWhy = Literal[OutReason, "unreachable", "call", "help"]


class Seat(Struct, frozen=True, kw_only=True):
    """The resident's seat, or the question whether to join. Times in seconds since boot.

    ``attempt`` counts reconnections; ``due_s`` is when a question or joining times out, ``retry_s`` when the
    next reconnection starts. ``own_id`` is the resident among the guests, ``guest_id`` is the one who is
    shown. ``prepared``: its process makes the offers, or has made them, while the resident is asked.
    """

    id: str
    room: str
    title: str = ""
    stage: Stage = "asking"
    listens: bool = False
    attempt: int = 0
    due_s: float | None = None
    retry_s: float | None = None
    prepared: bool = False
    sound: str = ""
    own_picture: str = ""
    frames: str = ""
    own_frames: str = ""
    own_id: str = ""
    guest_id: str = ""
    picture: Literal["good", "poor", "none"] = "none"
    muted: bool = False
    hand_raised: bool = False
    asked_until_s: float | None = None
    troubles: frozenset[Part] = frozenset()

    @property
    def media_id(self) -> str:
        """Return the name of the process that carries its media now."""
        return f"{self.id}-{self.attempt}"


class SeatOver(Struct, frozen=True, kw_only=True):
    """How the last seat ended, as long as the screen shows it; ``may_return`` with one touch.

    ``until_s`` is None while what took the resident away goes on.
    """

    room: str
    title: str
    why: OverWhy
    listens: bool
    until_s: float | None
    may_return: bool


class HostVisit(Struct, frozen=True, kw_only=True):
    """A host who sat at the resident's table; ``seconds`` is None while it lasts, or is not known."""

    seat_id: str
    host_id: str
    name: str
    title: str
    at: datetime
    is_going: bool = True
    seconds: float | None = None


class HostVisits(Struct, frozen=True, kw_only=True):
    """Hosts who sat at the resident's table, the newest last. Saved on disk."""

    log: tuple[HostVisit, ...] = ()


class Invitations(Struct, frozen=True, kw_only=True):
    """Meetings that the resident declined or attended: none rings again. Saved on disk."""

    settled: tuple[str, ...] = ()
