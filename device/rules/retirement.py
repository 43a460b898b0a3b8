"""Wipes a retired device once help and calls have ended, whether MQTT or HTTPS reported it (K17)."""

from msgspec.structs import replace

from device.contract.commands import Answer
from device.contract.retirement import Wipe
from device.rules.effects import AnswerCommand, AskByHttps, Effect, WipeDevice
from device.rules.events import CommandArrived, Event, LinkChanged, RetirementReceived, Ticked
from device.rules.now import Now
from device.rules.state import Retirement, State

# The wipe waits at most this long for open help or a call.
LONGEST_WAIT_S = 900.0
# A device that the broker refuses gets the reason over HTTPS.
LINK_AWAY_S = 60.0
ASK_AGAIN_S = 600.0

Outcome = tuple[State, tuple[Effect, ...]]


def step(state: State, event: Event, now: Now) -> Outcome:
    """Record that the device is retired, ask where this is unknown, and start the wipe once."""
    effects: tuple[Effect, ...] = ()
    match event:
        case CommandArrived(id=id_, command=Wipe(receipt=receipt)):
            state, effects = _retired(state, receipt, now), (_received(id_),)
        case RetirementReceived(receipt=receipt):
            state = _retired(state, receipt, now)
        case Ticked() | LinkChanged() if not state.retirement.receipt:
            return _ask(state, now)
    known = state.retirement
    if not known.receipt or known.begun or not _may_begin(state, now):
        return state, effects
    state = replace(state, retirement=replace(known, begun=True))
    return state, (*effects, WipeDevice(receipt=known.receipt))


def _received(command_id: str) -> AnswerCommand:
    """Answer "received": the final confirmation is the receipt, when nothing else is left."""
    return AnswerCommand(command_id=command_id, answer=Answer(stage="received"))


def _retired(state: State, receipt: str, now: Now) -> State:
    if state.retirement.receipt:
        return state
    return replace(state, retirement=Retirement(receipt=receipt, since_s=now.monotonic_s))


def _may_begin(state: State, now: Now) -> bool:
    is_calm = state.call is None and not state.requests.help_is_open and state.press.stage == "none"
    return is_calm or now.monotonic_s - state.retirement.since_s >= LONGEST_WAIT_S


def _ask(state: State, now: Now) -> Outcome:
    """Fetch the desk's commands: the response to a retired device says that it is."""
    due_s = state.retirement.ask_due_s
    if state.link.connected:
        return (state if due_s is None else _ask_at(state, None)), ()
    if due_s is None:
        return _ask_at(state, now.monotonic_s + LINK_AWAY_S), ()
    if now.monotonic_s < due_s:
        return state, ()
    return _ask_at(state, now.monotonic_s + ASK_AGAIN_S), (AskByHttps(),)


def _ask_at(state: State, due_s: float | None) -> State:
    return replace(state, retirement=replace(state.retirement, ask_due_s=due_s))
