"""The end of a call: reported to the desk, disconnected, logged if forced, and shown to the resident."""

from typing import Literal

from msgspec.structs import replace

from device.contract.events import CallDeclined, CallEnded, CallMissed, DeclineReason, EndReason
from device.rules.calls import log, missed
from device.rules.calls.call import Call, Ending, Over, Particulars
from device.rules.effects import Effect, FinishCall, Record
from device.rules.now import Now
from device.rules.state import State

Outcome = tuple[State, tuple[Effect, ...]]
_End = CallEnded | CallDeclined | CallMissed

# Until it is touched, or this timeout.
ENDED_SHOWN_S = 30.0
# The reason why nobody was reached stays as long as any page about a person.
UNREACHED_SHOWN_S = 180.0


def end(state: State, call: Call, now: Now, why: EndReason, *, shown: Ending | None = None) -> Outcome:
    """End a call that is neither declined nor missed."""
    what = CallEnded(call_id=call.id, why=why, seconds=_talked_s(call, now))
    if shown:
        shown_s = ENDED_SHOWN_S if call.connected_s is not None else UNREACHED_SHOWN_S
        over = Over(party=call.about.party, how=shown, until_s=now.monotonic_s + shown_s, call_id=call.id)
        state = replace(state, call_over=over)
    return _leave(state, call, what)


def decline(state: State, call: Call, now: Now, why: DeclineReason, detail: str = "") -> Outcome:
    """Decline a call. The caller's name stays, unless the resident refused."""
    if why != "refused" and not call.forced:
        state = missed.remember(state, call.about.party, now)
    what = CallDeclined(call_id=call.id, why=why, detail=detail[:300])
    return _leave(state, call, what)


def miss(state: State, call: Call, now: Now) -> Outcome:
    """End an unanswered call as missed."""
    state = missed.remember(state, call.about.party, now)
    return _leave(state, call, CallMissed(call_id=call.id))


def break_off(state: State, call: Call, now: Now, why: Literal["failed", "gone"], reason: str) -> Outcome:
    """End a call whose connection or process failed."""
    if call.about.promised:
        lost: Ending = "lost" if call.connected_s is not None else "failed"
        return end(state, call, now, why, shown=lost)
    if why == "failed":
        return decline(state, call, now, "no-media", reason)
    return end(state, call, now, "gone") if call.forced else miss(state, call, now)


def cut_by_restart(state: State, about: Particulars, now: Now) -> Outcome:
    """End a call that a restart interrupted: only the wall clock shows how long it lasted."""
    state = replace(state, calls=replace(state.calls, under_way=None))
    if not about.promised and about.kind != "forced":
        state = missed.remember(state, about.party, now)
        return state, (Record(what=CallMissed(call_id=about.id)),)
    seconds = 0.0
    if about.connected_at:
        seconds = min(max(0.0, (now.wall - about.connected_at).total_seconds()), about.limit_min * 60.0)
    return _tell(state, about, CallEnded(call_id=about.id, why="restart", seconds=round(seconds, 1)))


def _leave(state: State, call: Call, what: _End) -> Outcome:
    state, events = _tell(replace(state, call=None), call.about, what)
    return state, (FinishCall(call_id=call.id), *events) if call.prepared else events


def _tell(state: State, about: Particulars, what: _End) -> Outcome:
    events: tuple[Effect, ...] = (Record(what=what),)
    if about.kind != "forced":
        return state, events
    forced_calls, entry = log.with_entry(state.forced_calls, about, what)
    return replace(state, forced_calls=forced_calls), (*events, Record(what=entry))


def _talked_s(call: Call, now: Now) -> float:
    """Return the seconds since audio was connected; 0 where it never was."""
    return round(now.monotonic_s - call.connected_s, 1) if call.connected_s is not None else 0.0
