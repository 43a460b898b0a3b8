"""The step function of calls."""

from msgspec.structs import replace

from device.rules.calls import admission, clock, ending, incoming, line, missed, touches
from device.rules.calls.ending import Outcome
from device.rules.effects import Effect
from device.rules.events import (
    CommandArrived,
    DocumentArrived,
    Event,
    Intended,
    LinkChanged,
    MediaSaid,
)
from device.rules.now import Now
from device.rules.state import State


def step(state: State, event: Event, now: Now) -> Outcome:
    """Handle help first, then withdrawn permissions, then timeouts, then the event itself."""
    effects: tuple[Effect, ...] = ()
    for due in (_mend, _yield, clock.passed):
        state, more = due(state, now)
        effects += more
    state, more = _happened(state, event, now)
    return _keep(state), effects + more


def _mend(state: State, now: Now) -> Outcome:
    """Report the call that a restart interrupted."""
    cut = state.calls.under_way if state.call is None else None
    return ending.cut_by_restart(state, cut, now) if cut else (state, ())


def _yield(state: State, now: Now) -> Outcome:
    """End a call for a help request that it does not answer, or when it is no longer permitted."""
    if state.requests.help_is_open and state.call_over:
        state = replace(state, call_over=None)
    call = state.call
    if call is None:
        return state, ()
    if state.requests.help_is_open and not call.about.answers_help:
        if call.about.promised:
            return ending.end(state, call, now, "help")
        return ending.decline(state, call, now, "help", "the resident has called for help")
    if not admission.may_go_on(state, call):
        return ending.end(state, call, now, "withdrawn")
    return state, ()


def _happened(state: State, event: Event, now: Now) -> Outcome:
    call = state.call
    match event:
        case CommandArrived():
            return incoming.commanded(state, event, now)
        case Intended(intent=intent):
            return touches.intended(state, intent, now)
        case MediaSaid(call_id=id_, message=message) if call and call.id == id_:
            return line.media_said(state, call, message, now)
        case LinkChanged(connected=False) if call and call.stage == "calling":
            return ending.end(state, call, now, "failed", shown="no-link")
        case DocumentArrived(name="people"):
            return _forget_strangers(state), ()
    return state, ()


def _forget_strangers(state: State) -> State:
    over = state.call_over
    if over and over.party.known and admission.contact(state, over.party.contact_id) is None:
        state = replace(state, call_over=None)
    return missed.forget_strangers(state)


def _keep(state: State) -> State:
    """Save what a restart needs."""
    under_way = state.call.about if state.call else None
    if under_way == state.calls.under_way:
        return state
    return replace(state, calls=replace(state.calls, under_way=under_way))
