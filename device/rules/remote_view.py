"""The remote view: permitted by policy, shown to the resident before the first picture, and logged."""

from msgspec.structs import replace

from device.contract.commands import Answer, Command, StartRemoteView, StopRemoteView, Tap
from device.contract.documents import RemoteViewPolicy
from device.contract.events import RemoteViewEnded, RemoteViewStarted
from device.rules.effects import AnswerCommand, Effect, Record, TakePicture, TouchScreen
from device.rules.events import CommandArrived, Event, PictureTaken, Ticked, WindowPainted, WindowWent
from device.rules.now import Now
from device.rules.state import RemoteView, State

Outcome = tuple[State, tuple[Effect, ...]]

# The window sends a remote touch back within this time.
TOUCH_ARRIVES_S = 2.0


def step(state: State, event: Event, now: Now) -> Outcome:
    """Start, continue and end a remote view."""
    view = state.remote_view
    match event:
        case CommandArrived(id=id_, command=command):
            return _commanded(state, now, id_, command)
        case WindowPainted() if view:
            return _with(state, replace(view, picture_stale=True))
        case PictureTaken() if view:
            return _with(state, replace(view, picture_asked=False))
        case WindowWent() if view:
            return replace(state, remote_view=replace(view, picture_asked=False, picture_stale=False)), ()
        case Ticked() if view and (now.monotonic_s >= view.until_s or not _policy(state).allowed):
            return _end(state)
    return state, ()


def is_from_afar(state: State, now: Now) -> bool:
    """Return whether a touch now may be the desk's.

    A remote user must not switch on camera and microphone this way: calls have their own rules (K5).
    """
    touched_s = state.touched_from_afar_s
    return touched_s is not None and now.monotonic_s - touched_s < TOUCH_ARRIVES_S


def seconds_to_check(state: State, now: Now) -> float | None:
    """Return when the remote view expires unless renewed; None where there is none."""
    return max(0.0, state.remote_view.until_s - now.monotonic_s) if state.remote_view else None


def _commanded(state: State, now: Now, id_: str, command: Command) -> Outcome:
    match command:
        case StartRemoteView():
            return _start(state, now, id_, command)
        case StopRemoteView():
            state, effects = _end(state) if state.remote_view else (state, ())
            return state, (*effects, _done(id_))
        case Tap(x=x, y=y):
            if state.remote_view and _policy(state).may_touch:
                touched = replace(state, touched_from_afar_s=now.monotonic_s)
                return touched, (TouchScreen(x=x, y=y), _done(id_))
            return state, (_declined(id_, "touching from afar is not allowed on this device"),)
    return state, ()


def _start(state: State, now: Now, command_id: str, start: StartRemoteView) -> Outcome:
    if not _policy(state).allowed:
        return state, (_declined(command_id, "looking from afar is not allowed on this device"),)
    until_s = now.monotonic_s + start.seconds
    if state.remote_view and state.remote_view.by == start.by:
        renewed = replace(state.remote_view, until_s=until_s, picture_stale=True, picture_asked=False)
        state, effects = _with(state, renewed)
        return state, (*effects, _done(command_id))
    before: tuple[Effect, ...] = ()
    if state.remote_view:
        state, before = _end(state)
    # No picture yet: the frame that informs the resident comes first.
    state = replace(state, remote_view=RemoteView(by=start.by, until_s=until_s, picture_stale=False))
    return state, (*before, Record(what=RemoteViewStarted(by=start.by)), _done(command_id))


def _end(state: State) -> Outcome:
    by = state.remote_view.by if state.remote_view else ""
    return replace(state, remote_view=None), (Record(what=RemoteViewEnded(by=by)),)


def _with(state: State, view: RemoteView) -> Outcome:
    """Request one picture at a time, when the last has arrived and something was painted.

    During an open call no picture is sent to the desk.
    """
    is_private = state.call is not None and state.call.stage in ("connecting", "connected")
    if view.picture_stale and not view.picture_asked and not is_private:
        view = replace(view, picture_asked=True, picture_stale=False)
        return replace(state, remote_view=view), (TakePicture(),)
    return replace(state, remote_view=view), ()


def _policy(state: State) -> RemoteViewPolicy:
    return state.documents.policy.remote_view if state.documents.policy else RemoteViewPolicy()


def _done(command_id: str) -> AnswerCommand:
    return AnswerCommand(command_id=command_id, answer=Answer(stage="done"))


def _declined(command_id: str, reason: str) -> AnswerCommand:
    return AnswerCommand(command_id=command_id, answer=Answer(stage="declined", reason=reason))
