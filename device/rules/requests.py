"""Help requests and urgent calls: the screen never claims more than is known (K3, V11).

sending → received (committed at the desk) → taken, by name → arrived → closed.
"""

from datetime import timedelta

from msgspec.structs import replace

from device.contract.commands import Answer, UpdateHelp
from device.contract.events import HelpPressedAgain, HelpRaised
from device.contract.help_progress import ReportHelpProgress
from device.contract.values import HelpSource
from device.rules.effects import AnswerCommand, Effect, Record
from device.rules.events import CommandArrived, Event, EventsReceived
from device.rules.now import Now
from device.rules.state import Request, Requests, Stage, State

# Early enough to be sent by HTTPS within 10 s.
SECOND_WAY_AFTER_S = 9.5
# This long after it was received, the screen says that nobody has answered.
UNANSWERED_AFTER = timedelta(minutes=1)
# This long after an answer by SMS a press opens a new request, if the desk never received the first.
ASK_AGAIN_AFTER = timedelta(minutes=30)
# Faster presses are one: a hand trembles.
NEXT_PRESS_S = 2.0

_ORDER: dict[Stage, int] = {"sending": 0, "received": 1, "taken": 2, "arrived": 3, "closed": 4}


def step(state: State, event: Event, now: Now) -> tuple[State, tuple[Effect, ...]]:
    """Open requests, and follow them to their end."""
    match event:
        case EventsReceived(ids=ids):
            return _received(state, ids, now), ()
        case CommandArrived(id=id_, command=UpdateHelp() as update):
            return _update(state, id_, update, now)
        case CommandArrived(id=id_, command=ReportHelpProgress() as report):
            return _follow(state, id_, report)
    return state, ()


def raise_help(state: State, now: Now, source: HelpSource) -> tuple[State, tuple[Effect, ...]]:
    """Open one request, however often and from whatever source it is pressed."""
    if is_helped(state, now):
        return press_again(state, now, source)
    # Without a link there is nothing to wait for.
    due_s = now.monotonic_s + (SECOND_WAY_AFTER_S if state.link.connected else 0.0)
    request = Request(id=now.id, raised_at=now.wall, https_due_s=due_s, pressed_s=now.monotonic_s)
    requests = replace(state.requests, help=request)
    return replace(state, requests=requests), (
        Record(what=HelpRaised(help_id=now.id, source=source), id=now.id),
    )


def press_again(state: State, now: Now, source: HelpSource) -> tuple[State, tuple[Effect, ...]]:
    """Report the press too: the desk may have closed the request without being able to say so."""
    request = state.requests.help
    if request is None or 0.0 <= now.monotonic_s - request.pressed_s < NEXT_PRESS_S:
        return state, ()
    pressed = replace(state.requests, help=replace(request, pressed_s=now.monotonic_s))
    again = HelpPressedAgain(help_id=request.id, press_id=now.id, source=source)
    return replace(state, requests=pressed), (Record(what=again),)


def has_waited(request: Request, now: Now) -> bool:
    """Return whether it was received a minute ago and nobody has answered."""
    return request.received_at is not None and now.wall - request.received_at >= UNANSWERED_AFTER


def is_helped(state: State, now: Now) -> bool:
    """Return whether a request is open. One answered by SMS, which no desk can close, expires."""
    request = state.requests.help
    if request is None or not request.open:
        return False
    if request.taken_at is None or request.at_desk:
        return True
    return abs(now.wall - request.taken_at) < ASK_AGAIN_AFTER


def _received(state: State, ids: frozenset[str], now: Now) -> State:
    def advanced(request: Request | None) -> Request | None:
        if request is None or request.id not in ids:
            return request
        stage: Stage = "received" if request.stage == "sending" else request.stage
        return replace(request, at_desk=True, received_at=request.received_at or now.wall, stage=stage)

    requests = Requests(help=advanced(state.requests.help), urgent_call=advanced(state.requests.urgent_call))
    return state if requests == state.requests else replace(state, requests=requests)


def _is_newer(request: Request, update: UpdateHelp) -> bool:
    """Compare the desk's numbers; after an answer by SMS the later stage counts."""
    if request.update_number and update.number:
        return update.number > request.update_number
    return _ORDER[update.stage] > _ORDER[request.stage]


def _update(state: State, command_id: str, update: UpdateHelp, now: Now) -> tuple[State, tuple[Effect, ...]]:
    """Apply the desk's update; a late one never reverts anything."""
    for kind in ("help", "urgent_call"):
        request: Request | None = getattr(state.requests, kind)
        if request is None or request.id != update.help_id:
            continue
        is_newer = _is_newer(request, update)
        newest_number = max(request.update_number, update.number)
        request = replace(request, at_desk=True, update_number=newest_number)
        if is_newer:
            if request.stage == "closed":
                request = replace(request, received_at=now.wall, progress=None, taken_at=None)
            taken_by = request.by if request.stage == "taken" else request.taken_by
            request = replace(
                request,
                stage=update.stage,
                by=update.by or request.by,
                taken_by="" if update.stage == "received" else taken_by,
            )
        state = replace(state, requests=replace(state.requests, **{kind: request}))
        return state, (AnswerCommand(command_id=command_id, answer=Answer(stage="done")),)
    return state, (_not_known(command_id),)


def _follow(state: State, command_id: str, report: ReportHelpProgress) -> tuple[State, tuple[Effect, ...]]:
    """Apply the escalation's progress; an older report that arrives late is ignored."""
    help_ = state.requests.help
    if help_ is None or help_.id != report.help_id:
        return state, (_not_known(command_id),)
    done = AnswerCommand(command_id=command_id, answer=Answer(stage="done"))
    if help_.progress and help_.progress.at > report.at:
        return state, (done,)
    # A report implies that the desk has the request: the receipt may have been lost.
    stage: Stage = "received" if help_.stage == "sending" else help_.stage
    help_ = replace(help_, at_desk=True, stage=stage, progress=report)
    return replace(state, requests=replace(state.requests, help=help_)), (done,)


def _not_known(command_id: str) -> AnswerCommand:
    refusal = Answer(stage="declined", reason="this request is not known on the device any more")
    return AnswerCommand(command_id=command_id, answer=refusal)
