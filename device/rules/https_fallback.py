"""The HTTPS fallback for help, when MQTT brings no receipt in ten seconds; until one arrives (K3).

Its id is the same on both paths, so that the desk stores one request. While the link is down, updates of the
request are fetched the same way: the resident must not wait for a broker.
"""

from msgspec.structs import replace

from device.rules.effects import AskByHttps, Effect, SendByHttps
from device.rules.events import Event, LinkChanged, Ticked
from device.rules.now import Now
from device.rules.state import Request, State

AGAIN_S = 10.0


def step(state: State, event: Event, now: Now) -> tuple[State, tuple[Effect, ...]]:
    """Use the fallback whenever it is due."""
    help_ = state.requests.help
    if help_ is None or seconds_to_check(state, now) is None:
        return state, ()
    match event:
        case LinkChanged(connected=False):
            # There is no receipt to wait for.
            return _due_at(state, help_, min(help_.https_due_s, now.monotonic_s)), ()
        case Ticked() if seconds_to_check(state, now) == 0.0:
            effect: Effect = AskByHttps() if help_.at_desk else SendByHttps(id=help_.id)
            return _due_at(state, help_, now.monotonic_s + AGAIN_S), (effect,)
    return state, ()


def seconds_to_check(state: State, now: Now) -> float | None:
    """Return when the fallback is due, for sending or fetching; None while it is not needed."""
    help_ = state.requests.help
    if help_ is None or not help_.open or (help_.at_desk and state.link.connected):
        return None
    return max(0.0, help_.https_due_s - now.monotonic_s)


def _due_at(state: State, help_: Request, due_s: float) -> State:
    help_ = replace(help_, https_due_s=due_s)
    return replace(state, requests=replace(state.requests, help=help_))
