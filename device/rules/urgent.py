"""The urgent call: ten seconds to cancel, then it is requested (V11)."""

from msgspec.structs import replace

from device.contract.events import UrgentCallRequested
from device.rules import countdown, navigation
from device.rules.effects import Effect, Record
from device.rules.events import Event, Intended, Ticked
from device.rules.now import Now
from device.rules.remote_view import is_from_afar
from device.rules.state import Request, State
from device.window_protocol.intents import CancelUrgentCall, RequestUrgentCall

Outcome = tuple[State, tuple[Effect, ...]]


def step(state: State, event: Event, now: Now) -> Outcome:
    """Count down, cancel, or request."""
    match event:
        case Intended(intent=RequestUrgentCall()) if not is_from_afar(state, now):
            state = navigation.at(state, now, "urgent")
            return (state if _is_asked(state) else replace(state, urgent_asked_s=now.monotonic_s)), ()
        case Intended(intent=CancelUrgentCall()) if state.urgent_asked_s is not None:
            return navigation.at(replace(state, urgent_asked_s=None), now, "home"), ()
        case Ticked() if state.urgent_asked_s is not None:
            return _ask(state, now) if countdown.is_over(state.urgent_asked_s, now) else (state, ())
    return state, ()


def seconds_to_check(state: State, now: Now) -> float | None:
    """Return the next whole second of the countdown; None where there is none."""
    began_s = state.urgent_asked_s
    return None if began_s is None else countdown.seconds_to_next(began_s, now)


def _is_asked(state: State) -> bool:
    request = state.requests.urgent_call
    return state.urgent_asked_s is not None or (request is not None and request.open)


def _ask(state: State, now: Now) -> Outcome:
    request = Request(id=now.id, raised_at=now.wall)
    requests = replace(state.requests, urgent_call=request)
    wish = Record(what=UrgentCallRequested(request_id=now.id), id=now.id)
    return replace(state, requests=requests, urgent_asked_s=None), (wish,)
