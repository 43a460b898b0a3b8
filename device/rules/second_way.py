"""Help by HTTPS as well, when MQTT brings no receipt in ten seconds; again until one has come (K3).

Its id is the same on both ways, so that the desk keeps one request.
"""

from msgspec.structs import replace

from device.rules.effects import Effect, SendByHttps
from device.rules.events import Event, LinkChanged, Ticked
from device.rules.moment import Moment
from device.rules.state import Request, State

AGAIN_S = 10.0


def step(state: State, event: Event, now: Moment) -> tuple[State, tuple[Effect, ...]]:
    """Sends a call for help by the second way whenever that is due."""
    help_ = state.requests.help
    if help_ is None or seconds_to_check(state, now) is None:
        return state, ()
    match event:
        case LinkChanged(connected=False):
            # There is nothing to wait for any more.
            return _due_at(state, help_, min(help_.second_way_due_s, now.monotonic_s)), ()
        case Ticked() if seconds_to_check(state, now) == 0.0:
            return _due_at(state, help_, now.monotonic_s + AGAIN_S), (SendByHttps(id=help_.id),)
    return state, ()


def seconds_to_check(state: State, now: Moment) -> float | None:
    """When a call for help is to go the second way; None while none waits for a receipt."""
    help_ = state.requests.help
    if help_ is None or help_.at_desk or not help_.open:
        return None
    return max(0.0, help_.second_way_due_s - now.monotonic_s)


def _due_at(state: State, help_: Request, due_s: float) -> State:
    help_ = replace(help_, second_way_due_s=due_s)
    return replace(state, requests=replace(state.requests, help=help_))
