"""The state of a call, and of past calls."""

from datetime import datetime
from typing import Literal

from msgspec import Struct

from device.contract.commands import ForcedReason
from device.contract.events import CallLogged
from device.media.messages import USUAL_LOUDNESS

MOST_LOUDNESS = 5
# Incoming; placed by the resident; the answer to an urgent call; forced; by an agent (Q5).
Kind = Literal["rung", "placed", "urgent", "forced", "service"]
Stage = Literal["ringing", "calling", "countdown", "connecting", "connected"]
Room = Literal["off", "blurred", "clear"]
Part = Literal["camera", "microphone", "speaker"]
Ending = Literal[
    "ended", "limit", "lost", "refused", "busy", "not-reachable", "not-answered", "no-link", "failed"
]


class Party(Struct, frozen=True, kw_only=True):
    """The other end; ``known`` where they were on the resident's list (V14)."""

    contact_id: str
    name: str
    known: bool


class Particulars(Struct, frozen=True, kw_only=True):
    """The facts of a call. Saved while it lasts, so that its end is reported even after a restart.

    ``promised`` once the desk was informed that it was answered or placed. ``role`` and reason are a forced
    call's. ``answers_help``: the caller has taken the resident's help request.
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
    answers_help: bool = False


class Call(Struct, frozen=True, kw_only=True):
    """The current call. Times in seconds since boot; ``due_s`` is when its stage times out.

    ``answer`` is ours to the caller's offer, empty until the call process has made it; ``room`` is how the
    caller sees the room; ``way`` is how the callee is being reached; ``announced_s`` is when the announcement
    of a forced call is due, after its chime; ``restores`` where it goes on with a call that broke off.
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
    restores: bool = False

    @property
    def id(self) -> str:
        """Return the call's id, the same at both ends."""
        return self.about.id

    @property
    def forced(self) -> bool:
        """Return whether it is answered automatically."""
        return self.about.kind == "forced"


class Over(Struct, frozen=True, kw_only=True):
    """How the last call ended, as long as the screen shows it."""

    party: Party
    how: Ending
    until_s: float
    call_id: str = ""


class Missed(Struct, frozen=True, kw_only=True):
    """A missed call; ``at`` is None where the time was not known (K4)."""

    party: Party
    at: datetime | None


class Calls(Struct, frozen=True, kw_only=True):
    """The saved state of calls: the current one, recent ids, missed calls, and the loudness of the caller."""

    under_way: Particulars | None = None
    seen: tuple[str, ...] = ()
    missed: tuple[Missed, ...] = ()
    loudness: int = USUAL_LOUDNESS


class ForcedCalls(Struct, frozen=True, kw_only=True):
    """The device's log of forced calls, the oldest first (K5)."""

    log: tuple[CallLogged, ...] = ()


class CallSignals(Struct, frozen=True, kw_only=True):
    """The sounds that were started for a call, and the announcements that were made.

    ``loop`` repeats; ``chimed`` holds the stages of calls at which a chime was played.
    """

    loop: Literal["", "ring"] = ""
    chimed: tuple[str, ...] = ()
    announced: str = ""
