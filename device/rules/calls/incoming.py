"""The desk's commands for calls: ring, forced call, connect, end."""

from datetime import datetime

from msgspec.structs import replace

from device.contract.commands import (
    Answer,
    Command,
    ConnectCall,
    EndCall,
    ForcedCall,
    Ring,
    ServiceCall,
    UpdateCall,
)
from device.contract.events import CallDeclined
from device.rules import queue
from device.rules.calls import admission, ending, missed, restoring, seen
from device.rules.calls.admission import Refusal
from device.rules.calls.call import Call, Ending, Kind, Particulars, Party
from device.rules.calls.ending import Outcome
from device.rules.calls.hearing_time import seconds_to_hear
from device.rules.calls.times import CHIME_S, CONNECTED_WITHIN_S, REQUEST_IS_FRESH, RINGS_S
from device.rules.effects import AnswerCommand, Effect, PrepareCall, Record, ShowRoom
from device.rules.events import CommandArrived
from device.rules.now import Now
from device.rules.state import State

Invitation = Ring | ForcedCall | ConnectCall | ServiceCall

_UNREACHED: dict[str, Ending] = {
    "refused": "refused",
    "busy": "busy",
    "not-reachable": "not-reachable",
    "not-answered": "not-answered",
}
_ENDED: dict[str, Ending] = {"limit": "limit", "gone": "lost"}


def commanded(state: State, arrived: CommandArrived, now: Now) -> Outcome:
    """Answer every command about a call; ignore all others."""
    command: Command = arrived.command
    match command:
        case Ring():
            return _ring(state, arrived, command, now)
        case ForcedCall():
            return _force(state, arrived, command, now)
        case ConnectCall():
            return _connect(state, arrived, command, now)
        case UpdateCall():
            return _update(state, command), (_answer(arrived),)
        case ServiceCall():
            return _serve(state, arrived, command, now)
        case EndCall():
            state, effects = _end(state, command, now)
            return state, (*effects, _answer(arrived))
    return state, ()


def _ring(state: State, arrived: CommandArrived, ring: Ring, now: Now) -> Outcome:
    party = _party(state, ring)
    is_restored = restoring.restores(state, ring, now)
    left: tuple[Effect, ...] = ()
    if is_restored:
        state, left = restoring.let_go(state, ring, now)
    if refused := admission.refusal(state, ring.call_id, answers_help=ring.answers_help):
        state, effects = _decline(_missed(state, refused, party, now), arrived, ring.call_id, refused)
        return state, (*left, *effects)
    about = _about(state, ring, "rung", party, now)
    call = Call(
        about=replace(about, answers_help=ring.answers_help and state.requests.help_is_open),
        stage="connecting" if is_restored else "ringing",
        due_s=now.monotonic_s + (CONNECTED_WITHIN_S if is_restored else _rings_s(arrived, now)),
        restores=is_restored,
    )
    state, effects = _prepare(seen.remember(state, ring.call_id), arrived, call, ring)
    return state, (*left, *effects)


def _force(state: State, arrived: CommandArrived, force: ForcedCall, now: Now) -> Outcome:
    refused = admission.refusal(state, force.call_id, answers_help=force.answers_help)
    refused = refused or admission.forced_refusal(state, force, now)
    if refused:
        return _decline(state, arrived, force.call_id, refused)
    policy = state.documents.policy
    countdown_s = policy.forced_calls.countdown_s if policy else 30
    about = _about(state, force, "forced", _party(state, force), now)
    call = Call(
        about=replace(
            about,
            role=force.role,
            reason=force.reason,
            reason_text=force.reason_text,
            answers_help=force.answers_help and state.requests.help_is_open,
        ),
        stage="countdown",
        due_s=now.monotonic_s + max(countdown_s, seconds_to_hear(force.reason_text)),
        room="off",
        announced_s=now.monotonic_s + CHIME_S,
    )
    return _prepare(seen.remember(state, force.call_id), arrived, call, force)


def _connect(state: State, arrived: CommandArrived, connect: ConnectCall, now: Now) -> Outcome:
    """Connect a call that the resident placed or requested, as long as it is open (V11)."""
    call, request = state.call, state.requests.urgent_call
    if call and call.id == connect.call_id and call.stage == "calling":
        if connect.contact_id != call.about.party.contact_id:
            return _answered(state, arrived, "declined", "this contact was not called")
        due_s = now.monotonic_s + CONNECTED_WITHIN_S
        about = replace(call.about, limit_min=_limit_min(state, connect.limit_min))
        return _prepare(state, arrived, replace(call, about=about, stage="connecting", due_s=due_s), connect)
    if refused := admission.refusal(state, connect.call_id):
        return _decline(state, arrived, connect.call_id, refused)
    if request is None or not request.open or request.id != connect.call_id:
        return _decline(state, arrived, connect.call_id, Refusal("unknown-caller", "nobody was called"))
    is_fresh = _is_fresh(request.raised_at, now)
    wait_s = CONNECTED_WITHIN_S if is_fresh else _rings_s(arrived, now)
    call = Call(
        about=_about(state, connect, "urgent", _party(state, connect), now),
        stage="connecting" if is_fresh else "ringing",
        due_s=now.monotonic_s + wait_s,
    )
    return _prepare(state, arrived, call, connect)


def _update(state: State, news: UpdateCall) -> State:
    """Update how the callee is being reached, until they answer."""
    call = state.call
    if call is None or call.id != news.call_id or call.stage != "calling":
        return state
    return replace(state, call=replace(call, way=news.way))


def _serve(state: State, arrived: CommandArrived, service: ServiceCall, now: Now) -> Outcome:
    """Accept an agent's call for the resident's own visit; it rings unless they have just agreed (Q5)."""
    visit_id, own = queue.open_visit_id(state), state.queue
    party = Party(contact_id="", name=service.name, known=False)
    if refused := admission.refusal(state, service.call_id):
        return _decline(_missed(state, refused, party, now), arrived, service.call_id, refused)
    if not visit_id or visit_id != service.visit_id:
        refused = Refusal("unknown-caller", "the resident is in no such visit")
        return _decline(state, arrived, service.call_id, refused)
    agreed_at = own.agreed_to_video_at if own.visit_id == visit_id else None
    is_agreed = agreed_at is not None and _is_fresh(agreed_at, now)
    call = Call(
        about=_about(state, service, "service", party, now),
        stage="connecting" if is_agreed else "ringing",
        due_s=now.monotonic_s + (CONNECTED_WITHIN_S if is_agreed else _rings_s(arrived, now)),
    )
    # The agreement is for one call: the next one rings.
    state = replace(state, queue=replace(own, agreed_to_video_at=None))
    return _prepare(seen.remember(state, service.call_id), arrived, call, service)


def _end(state: State, command: EndCall, now: Now) -> Outcome:
    call = state.call
    if call is None or call.id != command.call_id:
        return state, ()
    if command.why == "withdrawn":
        return ending.end(state, call, now, "withdrawn")
    if call.stage == "ringing":
        return ending.miss(state, call, now)
    if call.stage == "calling":
        return ending.end(state, call, now, "desk", shown=_UNREACHED.get(command.why, "not-answered"))
    if call.stage == "countdown":
        return ending.end(state, call, now, "desk")
    shown: Ending = _ENDED.get(command.why, "ended")
    return ending.end(state, call, now, "desk", shown=shown)


def _missed(state: State, refused: Refusal, party: Party, now: Now) -> State:
    """Add a caller to the missed ones who was declined because of another call or help."""
    return missed.remember(state, party, now) if refused.why in ("busy", "help") else state


def _prepare(state: State, arrived: CommandArrived, call: Call, invitation: Invitation) -> Outcome:
    """Start the process, which creates the answer while the resident decides."""
    effects: tuple[Effect, ...] = (
        PrepareCall(call_id=call.id, offer=invitation.offer, ice_servers=invitation.ice_servers),
    )
    if call.room != "clear":
        effects += (ShowRoom(call_id=call.id, how=call.room),)
    state = replace(state, call=replace(call, prepared=True), call_over=None)
    return state, (*effects, _answer(arrived))


def _decline(state: State, arrived: CommandArrived, call_id: str, refused: Refusal) -> Outcome:
    """Decline, also with an event: the caller waits for it. A duplicate of the current call is ignored."""
    is_of_this_call = state.call is not None and state.call.id == call_id
    if not is_of_this_call and refused.why != "repeated":
        state = seen.remember(state, call_id)
    state, answer = _answered(state, arrived, "declined", refused.detail or refused.why)
    if is_of_this_call:
        return state, answer
    what = CallDeclined(call_id=call_id, why=refused.why, detail=refused.detail)
    return state, (Record(what=what), *answer)


def _answered(state: State, arrived: CommandArrived, stage: str, reason: str) -> Outcome:
    answer = Answer(stage=stage, reason=reason)  # type: ignore[arg-type]
    return state, (AnswerCommand(command_id=arrived.id, answer=answer),)


def _answer(arrived: CommandArrived) -> AnswerCommand:
    return AnswerCommand(command_id=arrived.id, answer=Answer(stage="done"))


def _about(state: State, invitation: Invitation, kind: Kind, party: Party, now: Now) -> Particulars:
    return Particulars(
        id=invitation.call_id,
        kind=kind,
        party=party,
        asked_at=now.wall,
        limit_min=_limit_min(state, invitation.limit_min),
    )


def _party(state: State, invitation: Ring | ForcedCall | ConnectCall) -> Party:
    """Return the caller by the resident's list; the invitation's name only for strangers (V14)."""
    listed = admission.contact(state, invitation.contact_id)
    name = f"{listed.first_name} {listed.last_name}".strip() if listed else invitation.name
    return Party(contact_id=invitation.contact_id, name=name, known=listed is not None)


def _limit_min(state: State, wanted_min: int) -> int:
    policy = state.documents.policy
    return min(wanted_min, policy.call_limit_min) if policy else wanted_min


def _rings_s(arrived: CommandArrived, now: Now) -> float:
    """Return how long it rings: no longer than the caller waits."""
    if not now.trusted:
        return RINGS_S
    return max(0.0, min(RINGS_S, (arrived.expires_at - now.wall).total_seconds()))


def _is_fresh(asked_at: datetime, now: Now) -> bool:
    """Return whether the resident asked a moment ago: later the call rings first."""
    return abs(now.wall - asked_at) <= REQUEST_IS_FRESH
