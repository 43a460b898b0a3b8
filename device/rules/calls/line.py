"""Messages of the call process, and connecting a call that is accepted here."""

from msgspec.structs import replace

from device.contract.events import CallAnswered, CallConnected
from device.media.messages import Connected, FromMedia, Gone, PictureIs, Ready, Trouble, Unusable
from device.rules.calls import ending, missed, seen
from device.rules.calls.call import Call
from device.rules.calls.ending import Outcome
from device.rules.calls.times import CONNECTED_WITHIN_S, SOUND_FIRST_S
from device.rules.effects import BeginCall, Record
from device.rules.now import Now
from device.rules.state import State


def take(state: State, call: Call, now: Now) -> Outcome:
    """Accept the call: connect as soon as there is an answer to the caller's offer."""
    waiting = replace(call, stage="connecting", due_s=now.monotonic_s + CONNECTED_WITHIN_S)
    return _begin(state, waiting, now) if call.answer else (replace(state, call=waiting), ())


def media_said(state: State, call: Call, message: FromMedia, now: Now) -> Outcome:
    """Handle one message of this call's process."""
    match message:
        case Ready(answer=answer, frames=frames) if not call.answer:
            call = replace(call, answer=answer, frames=frames)
            if call.stage == "connecting":
                return _begin(state, call, now)
        case Connected() if call.stage == "connecting" and call.limit_s is not None:
            return _connected(state, call, now)
        case PictureIs(quality=quality):
            call = replace(call, picture=quality)
        case Trouble(part=part, reason=reason):
            troubles = call.troubles | {part} if reason else call.troubles - {part}
            call = replace(call, troubles=troubles)
        case Unusable(reason=reason):
            return ending.break_off(state, call, now, "failed", reason)
        case Gone(reason=reason):
            return ending.break_off(state, call, now, "gone" if call.answer else "failed", reason)
    return replace(state, call=call), ()


def _begin(state: State, call: Call, now: Now) -> Outcome:
    about = replace(call.about, promised=True)
    call = replace(call, about=about, limit_s=now.monotonic_s + about.limit_min * 60.0)
    record = Record(what=CallAnswered(call_id=call.id, answer=call.answer))
    return replace(state, call=call), (record, BeginCall(call_id=call.id, loudness=state.calls.loudness))


def _connected(state: State, call: Call, now: Now) -> Outcome:
    about = replace(call.about, connected_at=now.wall)
    call = replace(call, about=about, stage="connected", connected_s=now.monotonic_s, due_s=None)
    if call.forced:
        call = replace(call, room_due_s=now.monotonic_s + SOUND_FIRST_S)
    state = missed.forget(replace(state, call=call), about.party.contact_id)
    state = seen.close_urgent_call(state, about)
    return state, (Record(what=CallConnected(call_id=call.id)),)
