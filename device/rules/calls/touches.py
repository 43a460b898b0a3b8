"""The resident's actions in calls."""

from msgspec.structs import replace

from device.contract.events import CallPlaced
from device.rules.calls import admission, ending, line, missed, seen
from device.rules.calls.call import MOST_LOUDNESS, Call, Over, Particulars, Party
from device.rules.calls.ending import UNREACHED_SHOWN_S, Outcome
from device.rules.calls.times import CALLING_S, HANG_UP_ASKED_S
from device.rules.calm import is_help_wanted
from device.rules.effects import Record, SetCallLoudness
from device.rules.now import Now
from device.rules.remote_view import is_from_afar
from device.rules.state import Navigation, State
from device.window_protocol.intents import (
    AnswerCall,
    ForgetMissed,
    HangUp,
    Intent,
    OpenLetter,
    OpenPage,
    OpenPerson,
    PlaceCall,
    RefuseCall,
    SetLoudness,
)


def intended(state: State, intent: Intent, now: Now) -> Outcome:
    """Answer, refuse, call or hang up. A touch that comes too late for its call is ignored."""
    if isinstance(intent, AnswerCall | PlaceCall) and is_from_afar(state, now):
        return state, ()
    match intent:
        case PlaceCall(contact_id=contact_id) if state.call is None:
            return _place(state, contact_id, now)
        case ForgetMissed():
            return _look_at_missed(state, now), ()
        case OpenPage() | OpenPerson() | OpenLetter():
            return replace(state, call_over=None), ()
    return _in_call(state, state.call, intent, now) if state.call else (state, ())


def _in_call(state: State, call: Call, intent: Intent, now: Now) -> Outcome:
    match intent:
        case AnswerCall(call_id=id_) if call.id == id_ and call.stage == "ringing":
            return line.take(state, call, now)
        case RefuseCall(call_id=id_) if call.id == id_ and call.stage in ("ringing", "countdown"):
            return ending.decline(seen.close_urgent_call(state, call.about), call, now, "refused")
        case HangUp(call_id=id_) if call.id == id_:
            return _hang_up(state, call, now)
        case SetLoudness(loudness=loudness) if call.stage in ("connecting", "connected"):
            return _set_loudness(state, call, loudness)
    return state, ()


def _set_loudness(state: State, call: Call, loudness: int) -> Outcome:
    """For this call and those after it."""
    if not 1 <= loudness <= MOST_LOUDNESS:
        return state, ()
    calls = replace(state.calls, loudness=loudness)
    return replace(state, calls=calls), (SetCallLoudness(call_id=call.id, loudness=loudness),)


def _hang_up(state: State, call: Call, now: Now) -> Outcome:
    """Hang up after one or two presses, as the view says (V23); an unconnected call needs one."""
    view = state.documents.view
    if call.stage == "connected" and view and view.hang_up_presses == 2:
        asked_until_s = call.hang_up_asked_until_s
        if asked_until_s is None or now.monotonic_s >= asked_until_s:
            call = replace(call, hang_up_asked_until_s=now.monotonic_s + HANG_UP_ASKED_S)
            return replace(state, call=call), ()
    if call.stage in ("calling", "connecting", "connected"):
        return ending.end(seen.close_urgent_call(state, call.about), call, now, "resident")
    return state, ()


def _place(state: State, contact_id: str, now: Now) -> Outcome:
    """Call a contact, unless help is open; without a link it fails at once."""
    listed = admission.contact(state, contact_id)
    if listed is None or not admission.is_in_use(state) or is_help_wanted(state):
        return state, ()
    name = f"{listed.first_name} {listed.last_name}".strip()
    party = Party(contact_id=contact_id, name=name, known=True)
    if not state.link.connected:
        over = Over(party=party, how="no-link", until_s=now.monotonic_s + UNREACHED_SHOWN_S)
        return replace(state, call_over=over), ()
    about = Particulars(
        id=now.id,
        kind="placed",
        party=party,
        asked_at=now.wall,
        limit_min=state.documents.policy.call_limit_min if state.documents.policy else 30,
        promised=True,
    )
    state = seen.remember(state, about.id)
    call = Call(about=about, stage="calling", due_s=now.monotonic_s + CALLING_S)
    what = CallPlaced(call_id=call.id, contact_ids=[contact_id])
    return replace(state, call=call, call_over=None), (Record(what=what),)


def _look_at_missed(state: State, now: Now) -> State:
    """Show the newest missed caller, with a button to call back."""
    if not state.calls.missed:
        return state
    party = state.calls.missed[-1].party
    navigation = Navigation(page="person", contact_id=party.contact_id, touched_s=now.monotonic_s)
    if admission.contact(state, party.contact_id) is None:
        navigation = Navigation(touched_s=now.monotonic_s)
    return missed.forget(replace(state, navigation=navigation, call_over=None), party.contact_id)
