"""A pure state machine of queues: who waits, who is served, and in which order.

First come, first served. A customer who lost the connection keeps the place for a grace time and is skipped
while away; one who was released keeps their place.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

Way = Literal["text", "video"]
Stage = Literal["waiting", "served", "ended"]
End = Literal["", "left", "removed", "away"]
CallBack = Literal["", "offered", "accepted", "declined"]
Video = Literal["", "asked-by-customer", "asked-by-agent", "on"]

GRACE_S = 120
AGENT_GONE_S = 30
# Two processes of one desk do not differ by more.
AHEAD_S = 5


class Refused(Exception):
    """The queue has changed meanwhile, so this step is not possible; ``reason`` says why."""

    def __init__(
        self,
        reason: Literal[
            "taken", "ended", "not-served", "not-yours", "away", "full", "second-video", "not-agreed"
        ],
    ) -> None:
        super().__init__(reason)
        self.reason = reason


class Visit(Struct, frozen=True, kw_only=True):
    """One customer's visit. ``number`` increases with each visit, in any queue.

    ``is_released`` while the customer waits again because an agent released them or is gone (Q6).
    """

    id: str
    number: int
    queue: int
    way: Way
    joined_at: datetime
    stage: Stage = "waiting"
    agent: int | None = None
    served_at: datetime | None = None
    away_since: datetime | None = None
    ended_at: datetime | None = None
    end: End = ""
    call_back: CallBack = ""
    video: Video = ""
    is_released: bool = False

    @property
    def is_open(self) -> bool:
        """Return whether the customer waits or is served."""
        return self.stage != "ended"

    @property
    def will_be_called(self) -> bool:
        """Return whether serving this customer is a video call."""
        return self.way == "video" or self.call_back == "accepted"

    @property
    def can_be_taken(self) -> bool:
        """Return whether this customer can be served now; a call-back needs no open screen."""
        return self.stage == "waiting" and (self.away_since is None or self.call_back == "accepted")


def in_order(visits: Iterable[Visit], queue: int) -> list[Visit]:
    """Return the queue's waiting visits in order of joining."""
    waiting = [visit for visit in visits if visit.stage == "waiting" and visit.queue == queue]
    return sorted(waiting, key=lambda visit: visit.number)


def place_of(visit: Visit, visits: Iterable[Visit]) -> int:
    """Return the place in the queue, from 1, including customers who are away."""
    return 1 + sum(other.number < visit.number for other in in_order(visits, visit.queue))


def next_of(visits: Iterable[Visit], queues: Iterable[int]) -> Visit | None:
    """Return the present customer with the longest wait in any of these queues, or None."""
    wanted = set(queues)
    ready = [visit for visit in visits if visit.queue in wanted and visit.can_be_taken]
    return min(ready, key=lambda visit: visit.number, default=None)


def take(visit: Visit, agent: int, now: datetime) -> Visit:
    """Assign the customer to this agent; of two agents the second is refused."""
    if visit.stage == "served":
        raise Refused("taken")
    if not visit.is_open:
        raise Refused("ended")
    if not visit.can_be_taken:
        raise Refused("away")
    served_at = _not_before(visit.joined_at, now)
    taken = replace(visit, stage="served", agent=agent, served_at=served_at, is_released=False)
    # A customer who was promised a call-back is called.
    return replace(taken, way="video", video="on") if visit.call_back == "accepted" else taken


def release(visit: Visit, agent: int) -> Visit:
    """Return the customer to their place in the queue (Q6)."""
    served_by(visit, agent)
    return replace(_back_in_line(visit), is_released=True)


def remove(visit: Visit, agent: int, now: datetime) -> Visit:
    """End the visit as handled (Q6)."""
    served_by(visit, agent)
    return _ended(visit, "removed", now)


def transfer(visit: Visit, agent: int, queue: int) -> Visit:
    """Move to another queue; the time waited so far counts."""
    served_by(visit, agent)
    return replace(_back_in_line(visit), queue=queue)


def leave(visit: Visit, now: datetime) -> Visit:
    """End the visit at the customer's request (Q8); repeating it changes nothing."""
    return _ended(visit, "left", now) if visit.is_open else visit


def lose(visit: Visit, now: datetime) -> Visit:
    """Mark the customer's device or page as unreachable (Q9)."""
    return replace(visit, away_since=now) if visit.is_open and visit.away_since is None else visit


def come_back(visit: Visit) -> Visit:
    """Mark the device as present again; the place is kept while the visit is open."""
    return replace(visit, away_since=None) if visit.is_open else visit


def not_ahead(visit: Visit, now: datetime) -> Visit:
    """Let an absence that began in the future, by a clock that has been set back, begin now."""
    is_ahead = visit.away_since is not None and visit.away_since > now + timedelta(seconds=AHEAD_S)
    return replace(visit, away_since=now) if is_ahead else visit


def expire(visit: Visit, now: datetime, grace_s: int = GRACE_S) -> Visit:
    """End the visit after the grace time. A clock set back makes it longer, never shorter."""
    if not visit.is_open or visit.away_since is None or visit.call_back == "accepted":
        return visit
    is_over = now - visit.away_since >= timedelta(seconds=grace_s)
    return _ended(visit, "away", now) if is_over else visit


def agent_gone(visit: Visit, agent: int) -> Visit:
    """Return the customers of a vanished agent to their places."""
    if visit.stage != "served" or visit.agent != agent:
        return visit
    return replace(_back_in_line(visit), is_released=True)


def offer_call_back(visit: Visit, now: datetime, after_min: int) -> Visit:
    """Offer a call-back once, after so many minutes. 0 is never."""
    is_due = after_min > 0 and now - visit.joined_at >= timedelta(minutes=after_min)
    if visit.stage != "waiting" or visit.call_back or not is_due:
        return visit
    return replace(visit, call_back="offered")


def answer_call_back(visit: Visit, *, accepted: bool) -> Visit:
    """Record the answer; with a call-back the place is kept without the screen."""
    if visit.stage != "waiting" or visit.call_back != "offered":
        return visit
    return replace(visit, call_back="accepted" if accepted else "declined")


def ask_video(visit: Visit, by: Literal["customer", "agent"]) -> Visit:
    """Request video; the other end has to agree (Q5)."""
    if visit.stage != "served":
        raise Refused("not-served")
    if visit.video == "on":
        return visit
    other = "agent" if by == "customer" else "customer"
    if visit.video == f"asked-by-{other}":
        return replace(visit, video="on", way="video")
    return replace(visit, video="asked-by-customer" if by == "customer" else "asked-by-agent")


def refuse_video(visit: Visit) -> Visit:
    """Decline video; a call in progress continues."""
    return visit if visit.video == "on" else replace(visit, video="")


def call(visit: Visit, agent: int) -> Visit:
    """Start the agent's call, if the customer agreed to video or was promised a call-back."""
    served_by(visit, agent)
    if visit.way != "video":
        raise Refused("not-agreed")
    return replace(visit, video="on")


def served_by(visit: Visit, agent: int) -> Visit:
    """Return the visit, if this agent serves it. Raises ``Refused``."""
    if not visit.is_open:
        raise Refused("ended")
    if visit.stage != "served":
        raise Refused("not-served")
    if visit.agent != agent:
        raise Refused("not-yours")
    return visit


def _back_in_line(visit: Visit) -> Visit:
    return replace(visit, stage="waiting", agent=None, served_at=None, video="")


def _ended(visit: Visit, end: End, now: datetime) -> Visit:
    ended_at = _not_before(visit.served_at or visit.joined_at, now)
    return replace(visit, stage="ended", end=end, ended_at=ended_at, away_since=None, video="")


def _not_before(earlier: datetime, now: datetime) -> datetime:
    # The desk's clock may have been set back in between.
    return max(earlier, now)
