"""A look from afar: allowed by policy, told to the resident before the first picture, and logged."""

from msgspec.structs import replace

from device.contract.commands import Answer, StartLook, StopLook, Tap
from device.contract.documents import LookPolicy
from device.contract.events import LookEnded, LookStarted
from device.rules.effects import AnswerCommand, Effect, Record, TakePicture, TouchScreen
from device.rules.events import CommandArrived, Event, PictureTaken, Ticked, WindowPainted, WindowWent
from device.rules.moment import Moment
from device.rules.state import Look, State

Outcome = tuple[State, tuple[Effect, ...]]


def step(state: State, event: Event, now: Moment) -> Outcome:
    """Starts, feeds and ends a look."""
    look = state.look
    match event:
        case CommandArrived(id=id_, command=StartLook() as start):
            return _start(state, now, id_, start)
        case CommandArrived(id=id_, command=StopLook()):
            state, effects = _end(state) if look else (state, ())
            return state, (*effects, _answer(id_, "done"))
        case CommandArrived(id=id_, command=Tap(x=x, y=y)):
            if look and _policy(state).may_touch:
                return state, (TouchScreen(x=x, y=y), _answer(id_, "done"))
            return state, (_answer(id_, "declined", "touching from afar is not allowed on this device"),)
        case WindowPainted() if look:
            return _with(state, replace(look, picture_stale=True))
        case PictureTaken() if look:
            return _with(state, replace(look, picture_asked=False))
        case WindowWent() if look:
            return _with(state, replace(look, picture_asked=False, picture_stale=True))
        case Ticked() if look and (now.monotonic_s >= look.until_s or not _policy(state).allowed):
            return _end(state)
    return state, ()


def _start(state: State, now: Moment, command_id: str, start: StartLook) -> Outcome:
    if not _policy(state).allowed:
        return state, (_answer(command_id, "declined", "looking from afar is not allowed on this device"),)
    until_s = now.monotonic_s + start.seconds
    if state.look and state.look.by == start.by:
        renewed = replace(state.look, until_s=until_s, picture_stale=True, picture_asked=False)
        state, effects = _with(state, renewed)
        return state, (*effects, _answer(command_id, "done"))
    before: tuple[Effect, ...] = ()
    if state.look:
        state, before = _end(state)
    # No picture yet: the frame that tells the resident comes first.
    state = replace(state, look=Look(by=start.by, until_s=until_s, picture_stale=False))
    return state, (*before, Record(what=LookStarted(by=start.by)), _answer(command_id, "done"))


def _end(state: State) -> Outcome:
    by = state.look.by if state.look else ""
    return replace(state, look=None), (Record(what=LookEnded(by=by)),)


def _with(state: State, look: Look) -> Outcome:
    """One picture at a time: the next is asked for when the last has come and something was painted."""
    if look.picture_stale and not look.picture_asked:
        look = replace(look, picture_asked=True, picture_stale=False)
        return replace(state, look=look), (TakePicture(),)
    return replace(state, look=look), ()


def _policy(state: State) -> LookPolicy:
    return state.documents.policy.look if state.documents.policy else LookPolicy()


def _answer(command_id: str, stage: str, reason: str = "") -> AnswerCommand:
    answer = Answer(stage="done") if stage == "done" else Answer(stage="declined", reason=reason)
    return AnswerCommand(command_id=command_id, answer=answer)
