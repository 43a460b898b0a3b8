"""The step function of tables: first help, then calls, then timeouts, then the event itself."""

from msgspec.structs import replace

from device.contract.cafe import (
    AskStillHere,
    CafeCommand,
    EndSeat,
    GiveSeat,
    MuteSeat,
    OfferAgain,
    ShowGuest,
)
from device.contract.commands import Answer
from device.rules.calls.admission import is_in_use
from device.rules.effects import AnswerCommand, Effect, Play, StopSound
from device.rules.events import CommandArrived, Event, Intended, LinkChanged, MediaSaid
from device.rules.now import Now
from device.rules.state import State
from device.rules.tables import line, touches
from device.rules.tables.ending import RETURN_SHOWN_S, Outcome, take_out
from device.rules.tables.hosts import noted
from device.rules.tables.rooms import invitation, is_ringing, room
from device.rules.tables.rooms import seconds_to_check as seconds_to_invitation
from device.rules.tables.seat import Seat

COMMANDS = (GiveSeat, ShowGuest, AskStillHere, MuteSeat, OfferAgain, EndSeat)


def step(state: State, event: Event, now: Now) -> Outcome:
    """Handle what ends the seat before what continues it."""
    before = state
    effects: tuple[Effect, ...] = ()
    for due in (_yield, _passed):
        state, more = due(state, now)
        effects += more
    state, more = _happened(state, event, now)
    effects += more
    state, more = _invite(state, now)
    return noted(before, state, now), (*effects, *more, *line.finish_unused(before, state))


def seconds_to_check(state: State, now: Now) -> float | None:
    """Return when the next timeout is due; None where there is none."""
    waits = []
    over = state.seat_over
    if over and over.until_s is not None and not _is_interrupted(state):
        waits.append(over.until_s - now.monotonic_s)
    if seat := state.seat:
        waits += [
            at_s - now.monotonic_s
            for at_s in (seat.due_s, seat.retry_s, seat.asked_until_s)
            if at_s is not None
        ]
        opened = room(state, now, seat.room)
        if opened:
            waits.append((opened.closes - now.wall).total_seconds())
    if (invited_s := seconds_to_invitation(state, now)) is not None:
        waits.append(invited_s)
    return max(0.0, min(waits)) if waits else None


def _yield(state: State, now: Now) -> Outcome:
    """End the seat for help or an answered call, with a way back."""
    seat = state.seat
    if seat is None:
        return state, ()
    if state.requests.help_is_open:
        return take_out(state, seat, now, "help", "help")
    if not is_in_use(state):
        return take_out(state, seat, now, "not-in-use", None)
    if state.call and state.call.stage in ("calling", "connecting", "connected"):
        return take_out(state, seat, now, "call", "call")
    if room(state, now, seat.room) is None:
        return take_out(state, seat, now, "withdrawn", "closed")
    return state, ()


def _passed(state: State, now: Now) -> Outcome:
    state = _keep_way_back(state, now)
    seat = state.seat
    if seat is None:
        return state, ()
    if seat.asked_until_s is not None and now.monotonic_s >= seat.asked_until_s:
        return take_out(state, seat, now, "gone", "no_answer")
    if seat.due_s is not None and now.monotonic_s >= seat.due_s:
        if seat.stage == "asking":
            return replace(state, seat=None), ()
        return take_out(state, seat, now, "gone", "unreachable")
    if seat.retry_s is not None and now.monotonic_s >= seat.retry_s:
        return line.offer_again(state, seat)
    return state, ()


def _is_interrupted(state: State) -> bool:
    return state.call is not None or state.requests.help_is_open


def _keep_way_back(state: State, now: Now) -> State:
    """Its time begins when the call or the help that took the resident out is over."""
    over = state.seat_over
    if over is None or _is_interrupted(state):
        return state
    if over.until_s is None:
        return replace(state, seat_over=replace(over, until_s=now.monotonic_s + RETURN_SHOWN_S))
    return state if now.monotonic_s < over.until_s else replace(state, seat_over=None)


def _happened(state: State, event: Event, now: Now) -> Outcome:
    seat = state.seat
    match event:
        case Intended(intent=intent):
            return touches.intended(state, intent, now)
        case CommandArrived(command=GiveSeat() | ShowGuest() | AskStillHere() as command):
            return _answered(state, event, command, now)
        case CommandArrived(command=MuteSeat() | OfferAgain() | EndSeat() as command):
            return _answered(state, event, command, now)
        case MediaSaid(call_id=id_, message=message) if seat and seat.media_id == id_:
            return line.media_said(state, seat, message, now)
        case LinkChanged(connected=True) if seat and seat.stage == "entering":
            return line.offer_again(state, seat)
    return state, ()


def _answered(state: State, arrived: CommandArrived, command: CafeCommand, now: Now) -> Outcome:
    seat: Seat | None = state.seat
    if seat is None or seat.id != command.seat_id or seat.stage == "asking":
        refused = Answer(stage="declined", reason="nobody sits there any more")
        return state, (AnswerCommand(command_id=arrived.id, answer=refused),)
    state, effects = line.commanded(state, seat, command, now)
    return state, (*effects, AnswerCommand(command_id=arrived.id, answer=Answer(stage="done")))


def _invite(state: State, now: Now) -> Outcome:
    """Play a gentle sound before a meeting, repeated when it begins, until it is answered."""
    busy = state.seat is not None or state.call is not None
    invited = None if busy else invitation(state, now)
    wanted = f"{invited.meeting.id} {invited.how}" if invited and invited.how != "goes-on" else ""
    if wanted == state.inviting:
        return state, ()
    effects: list[Effect] = []
    if is_ringing(state):
        effects.append(StopSound(sound="invitation"))
    if wanted:
        effects.append(Play(sound="invitation", loop=wanted.endswith(" rings")))
    return replace(state, inviting=wanted), tuple(effects)
