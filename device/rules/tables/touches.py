"""The resident's actions at tables: join, speak, leave, decline."""

from msgspec.structs import replace

from device.contract.cafe import CAFE, MeetingRefused, StillAtTable, WantsToSpeak
from device.rules.calls.admission import is_in_use
from device.rules.calm import is_help_wanted
from device.rules.effects import Record
from device.rules.navigation import at
from device.rules.now import Now
from device.rules.remote_view import is_from_afar
from device.rules.state import State
from device.rules.tables import line
from device.rules.tables.ending import INTERRUPTIONS, Outcome, take_out
from device.rules.tables.rooms import room
from device.rules.tables.seat import Invitations, Seat, SeatOver
from device.window_protocol.intents import (
    AskTable,
    EnterTable,
    Intent,
    LeaveTable,
    OpenLetter,
    OpenPage,
    OpenPerson,
    RefuseMeeting,
    SpeakAtTable,
    StayAtTable,
)

ASKING_S = 180.0
_MOST_SETTLED = 50


def intended(state: State, intent: Intent, now: Now) -> Outcome:
    """Handle the action; a remote touch does not open the microphone."""
    match intent:
        case AskTable(room=wanted):
            return _ask(state, wanted, now)
        case EnterTable(room=wanted, listens=listens) if not is_from_afar(state, now):
            return _enter(state, wanted, now, listens=listens)
        case RefuseMeeting(meeting_id=id_):
            refused = Record(what=MeetingRefused(meeting_id=id_))
            return stop_ringing(replace(state, seat=_unless_asking(state)), id_), (refused,)
        case OpenPage() | OpenPerson() | OpenLetter():
            return replace(state, seat_over=_unless_read(state), seat=_unless_asking(state)), ()
        case LeaveTable() if state.seat is None and state.seat_over:
            return at(replace(state, seat_over=None), now, "home"), ()
    return _at_table(state, state.seat, intent, now) if state.seat else (state, ())


def stop_ringing(state: State, meeting_id: str) -> State:
    """Stop the ringing of this meeting."""
    if meeting_id == CAFE or meeting_id in state.invitations.settled:
        return state
    settled = (*state.invitations.settled, meeting_id)[-_MOST_SETTLED:]
    return replace(state, invitations=Invitations(settled=settled))


def _unless_asking(state: State) -> Seat | None:
    return None if state.seat and state.seat.stage == "asking" else state.seat


def _unless_read(state: State) -> SeatOver | None:
    """After a call or help another page came first: the way back is still to be seen."""
    over = state.seat_over
    return over if over and over.why in INTERRUPTIONS else None


def _ask(state: State, wanted: str, now: Now) -> Outcome:
    """Ask for confirmation before camera and microphone are opened."""
    opened = room(state, now, wanted)
    if opened is None or not _may_enter(state):
        return state, ()
    seat = Seat(
        id=now.id,
        room=wanted,
        title=opened.title,
        listens=opened.only_hosts_speak,
        due_s=now.monotonic_s + ASKING_S,
    )
    return line.prepare(replace(state, seat_over=None), seat)


def _enter(state: State, wanted: str, now: Now, *, listens: bool) -> Outcome:
    opened = room(state, now, wanted)
    if opened is None or not _may_enter(state):
        return state, ()
    listens = listens or opened.only_hosts_speak
    seat = state.seat
    if seat is None or seat.room != wanted or seat.listens != listens:
        seat = Seat(id=now.id, room=wanted, title=opened.title, listens=listens)
    return line.enter(stop_ringing(replace(state, seat_over=None), wanted), seat, now)


def _may_enter(state: State) -> bool:
    is_free = state.seat is None or state.seat.stage == "asking"
    return is_free and state.call is None and is_in_use(state) and not is_help_wanted(state)


def _at_table(state: State, seat: Seat, intent: Intent, now: Now) -> Outcome:
    match intent:
        case LeaveTable():
            return take_out(state, seat, now, "resident", None)
        case StayAtTable() if seat.asked_until_s is not None:
            still = Record(what=StillAtTable(seat_id=seat.id))
            return replace(state, seat=replace(seat, asked_until_s=None)), (still,)
        case SpeakAtTable() if seat.stage == "seated":
            wants = Record(what=WantsToSpeak(seat_id=seat.id))
            return replace(state, seat=replace(seat, hand_raised=True)), (wants,)
    return state, ()
