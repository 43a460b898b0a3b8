"""Timeouts of a call: nobody waits for ever, and no call exceeds its limit (V21)."""

import math
from collections.abc import Iterator

from msgspec.structs import replace

from device.rules.calls import ending, line
from device.rules.calls.call import Call
from device.rules.calls.ending import Outcome
from device.rules.calls.times import BLURRED_S, WARNED_BEFORE_S
from device.rules.effects import ShowRoom
from device.rules.now import Now
from device.rules.state import State


def passed(state: State, now: Now) -> Outcome:
    """Apply all timeouts that are due."""
    if state.call_over and now.monotonic_s >= state.call_over.until_s:
        state = replace(state, call_over=None)
    call = state.call
    if call is None:
        return state, ()
    if call.limit_s is not None and now.monotonic_s >= call.limit_s:
        return ending.end(state, call, now, "limit", shown="limit")
    if call.due_s is not None and now.monotonic_s >= call.due_s:
        return _stage_over(state, call, now)
    if call.hang_up_asked_until_s is not None and now.monotonic_s >= call.hang_up_asked_until_s:
        call = replace(call, hang_up_asked_until_s=None)
    if call.limit_s is not None and now.monotonic_s >= call.limit_s - WARNED_BEFORE_S and not call.warned:
        call = replace(call, warned=True)
    if call.room_due_s is not None and now.monotonic_s >= call.room_due_s:
        return _show_more(state, call, now)
    return state if call == state.call else replace(state, call=call), ()


def seconds_to_check(state: State, now: Now) -> float | None:
    """Return when the next timeout is due; None where there is none."""
    waits = [at_s - now.monotonic_s for at_s in _due(state)]
    left = seconds_left(state, now)
    if state.call and state.call.due_s is not None and left is not None:
        waits.append(state.call.due_s - now.monotonic_s - (left - 1))
    return max(0.0, min(waits)) if waits else None


def seconds_left(state: State, now: Now) -> int | None:
    """Return the countdown's seconds; None while nothing counts down."""
    call = state.call
    if call is None or call.stage != "countdown" or call.due_s is None:
        return None
    return max(1, math.ceil(call.due_s - now.monotonic_s))


def _due(state: State) -> Iterator[float]:
    if state.call_over:
        yield state.call_over.until_s
    if call := state.call:
        warned_s = call.limit_s - WARNED_BEFORE_S if call.limit_s is not None and not call.warned else None
        for at_s in (call.due_s, call.limit_s, warned_s, call.hang_up_asked_until_s, call.room_due_s):
            if at_s is not None:
                yield at_s


def _stage_over(state: State, call: Call, now: Now) -> Outcome:
    match call.stage:
        case "countdown":
            return line.take(state, call, now)
        case "ringing":
            return ending.miss(state, call, now)
        case "calling":
            return ending.end(state, call, now, "failed", shown="not-answered")
    return ending.break_off(state, call, now, "failed", "no sound came")


def _show_more(state: State, call: Call, now: Now) -> Outcome:
    """Show more of the room in a forced call: first blurred, then clear (K5)."""
    if call.room == "off":
        call = replace(call, room="blurred", room_due_s=now.monotonic_s + BLURRED_S)
    else:
        call = replace(call, room="clear", room_due_s=None)
    return replace(state, call=call), (ShowRoom(call_id=call.id, how=call.room),)
