"""A call as the rules know it, and what is kept of those that were."""

from datetime import datetime
from typing import Literal

from msgspec import Struct

from device.contract.commands import ForcedReason
from device.contract.events import CallLogged

# Rung by somebody; placed by the resident; the answer to an urgent call; opening by itself; an agent's (Q5).
Kind = Literal["rung", "placed", "urgent", "forced", "service"]
Stage = Literal["ringing", "calling", "countdown", "connecting", "connected"]
Room = Literal["off", "blurred", "clear"]
Part = Literal["camera", "microphone", "speaker"]
Ending = Literal[
    "ended", "limit", "lost", "refused", "busy", "not-reachable", "not-answered", "no-link", "failed"
]


class Party(Struct, frozen=True, kw_only=True):
    """The one at the other end; ``known`` where they stood on the resident's list (V14)."""

    contact_id: str
    name: str
    known: bool


class Particulars(Struct, frozen=True, kw_only=True):
    """What a call is. Kept on the disk while it lasts, so that its end is told even after a restart.

    ``promised`` from when the desk has been told that it was answered or placed. ``role`` and reason are a
    forced call's.
    """

    id: str
    kind: Kind
    party: Party
    asked_at: datetime
    limit_min: int
    promised: bool = False
    connected_at: datetime | None = None
    role: Literal["relative", "professional"] = "relative"
    reason: ForcedReason = "other"
    reason_text: str = ""


class Call(Struct, frozen=True, kw_only=True):
    """The one call there is. Times in seconds since boot; ``due_s`` is when its stage ends by itself.

    ``answer`` is ours to the caller's offer, empty until the call process has made it; ``room`` is how the
    caller sees the room; ``way`` is how the one who is called is reached; ``announced_s`` is when the words
    of a forced call are due, after its chime.
    """

    about: Particulars
    stage: Stage
    due_s: float | None
    prepared: bool = False
    answer: str = ""
    frames: str = ""
    limit_s: float | None = None
    warned: bool = False
    connected_s: float | None = None
    picture: Literal["good", "poor", "none"] = "none"
    troubles: frozenset[Part] = frozenset()
    room: Room = "clear"
    room_due_s: float | None = None
    hang_up_asked_until_s: float | None = None
    way: Literal["unknown", "trying", "page", "phone", "written"] = "unknown"
    announced_s: float = 0.0

    @property
    def id(self) -> str:
        """The call's id, the same at both ends."""
        return self.about.id

    @property
    def forced(self) -> bool:
        """Whether it opens by itself."""
        return self.about.kind == "forced"


class Over(Struct, frozen=True, kw_only=True):
    """How the last call ended, as long as that stands on the screen."""

    party: Party
    how: Ending
    until_s: float


class Missed(Struct, frozen=True, kw_only=True):
    """Somebody called in vain; ``at`` is None where the time was not known (K4)."""

    party: Party
    at: datetime | None


class Calls(Struct, frozen=True, kw_only=True):
    """What is kept of calls: the one under way, the newest ids, the missed."""

    under_way: Particulars | None = None
    seen: tuple[str, ...] = ()
    missed: tuple[Missed, ...] = ()


class ForcedCalls(Struct, frozen=True, kw_only=True):
    """The device's own log of forced calls, the oldest first (K5)."""

    log: tuple[CallLogged, ...] = ()


class CallSignals(Struct, frozen=True, kw_only=True):
    """What was last asked of the speaker for a call, and of which calls what was said.

    ``loop`` sounds on and on; ``chimed`` holds the moments of calls at which there was a chime.
    """

    loop: Literal["", "ring"] = ""
    chimed: tuple[str, ...] = ()
    announced: str = ""
