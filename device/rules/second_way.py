"""Help by HTTPS as well, when MQTT brings no receipt in ten seconds; again until one has come (K3).

Its id is the same on both ways, so that the desk keeps one request. While the link is down the desk is asked
the same way what has become of the request: who comes must not wait for a broker.
"""

from msgspec.structs import replace

from device.rules.effects import AskByHttps, Effect, SendByHttps
from device.rules.events import Event, LinkChanged, Ticked
from device.rules.moment import Moment
from device.rules.state import Request, State

AGAIN_S = 10.0


def step(state: State, event: Event, now: Moment) -> tuple[State, tuple[Effect, ...]]:
    """Takes the second way whenever that is due."""
    help_ = state.requests.help
    if help_ is None or seconds_to_check(state, now) is None:
        return state, ()
    match event:
        case LinkChanged(connected=False):
            # There is nothing to wait for any more.
            return _due_at(state, help_, min(help_.second_way_due_s, now.monotonic_s)), ()
        case Ticked() if seconds_to_check(state, now) == 0.0:
            effect: Effect = AskByHttps() if help_.at_desk else SendByHttps(id=help_.id)
            return _due_at(state, help_, now.monotonic_s + AGAIN_S), (effect,)
    return state, ()


def seconds_to_check(state: State, now: Moment) -> float | None:
    """When a call for help is to go the second way, or to be asked for; None while there is no need."""
    help_ = state.requests.help
    if help_ is None or not help_.open or (help_.at_desk and state.link.connected):
        return None
    return max(0.0, help_.second_way_due_s - now.monotonic_s)


def _due_at(state: State, help_: Request, due_s: float) -> State:
    help_ = replace(help_, second_way_due_s=due_s)
    return replace(state, requests=replace(state.requests, help=help_))
