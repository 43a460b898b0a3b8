"""The connections of a seat: offered, answered, lost, and renewed."""

from msgspec.structs import replace

from device.contract.cafe import (
    AskStillHere,
    CafeCommand,
    EndSeat,
    GiveSeat,
    MuteSeat,
    OfferAgain,
    ShowGuest,
    TableAnswered,
    TableEntered,
)
from device.media.messages import Connected, FromMedia, Gone, PictureIs, Trouble, Unusable
from device.media.table_messages import GuestAnswer, SeeGuest, SitDown, TableReady
from device.rules.effects import FinishCall, PrepareSeat, Record, TellSeat
from device.rules.now import Now
from device.rules.state import State
from device.rules.tables.ending import Outcome, put_down, take_out
from device.rules.tables.seat import Seat

# The desk keeps a seat for this long while its connection is lost.
GIVEN_UP_AFTER_S = 60.0
RETRY_S = 3.0


def enter(state: State, seat: Seat, now: Now) -> Outcome:
    """Create the first offers of a seat."""
    due_s = now.monotonic_s + GIVEN_UP_AFTER_S
    return offer_again(state, replace(seat, stage="entering", due_s=due_s))


def offer_again(state: State, seat: Seat) -> Outcome:
    """Start a new process with new connections; the previous one ends."""
    again = replace(
        seat, stage="entering", attempt=seat.attempt + 1, retry_s=None, guest_id="", picture="none"
    )
    effects = (
        FinishCall(call_id=seat.media_id),
        PrepareSeat(
            media_id=again.media_id,
            seat_id=again.id,
            listens=again.listens,
            ice_servers=state.documents.cafe.ice_servers if state.documents.cafe else [],
        ),
    )
    return replace(state, seat=again), effects


def media_said(state: State, seat: Seat, message: FromMedia, now: Now) -> Outcome:
    """Handle one message of this seat's process."""
    match message:
        case TableReady(sound=sound, picture=picture, frames=frames, own_frames=own):
            entered = TableEntered(
                seat_id=seat.id, room=seat.room, sound=sound, picture=picture, listens=seat.listens
            )
            return replace(state, seat=replace(seat, frames=frames, own_frames=own)), (Record(what=entered),)
        case GuestAnswer(answer=answer):
            return state, (Record(what=TableAnswered(seat_id=seat.id, answer=answer)),)
        case Connected():
            seat = replace(seat, stage="seated", due_s=None, retry_s=None)
        case PictureIs(quality=quality):
            seat = replace(seat, picture=quality)
        case Trouble(part=part, reason=reason):
            troubles = seat.troubles | {part} if reason else seat.troubles - {part}
            seat = replace(seat, troubles=troubles)
        case Gone():
            return _lost(state, seat, now)
        case Unusable():
            return take_out(state, seat, now, "gone", "unusable")
    return replace(state, seat=seat), ()


def commanded(state: State, seat: Seat, command: CafeCommand, now: Now) -> Outcome:
    """Handle one command of the desk for this seat."""
    match command:
        case GiveSeat(guest_id=own_id, sound=sound, picture=picture):
            given = TellSeat(media_id=seat.media_id, message=SitDown(sound=sound, picture=picture))
            return replace(state, seat=replace(seat, own_id=own_id)), (given,)
        case ShowGuest(guest_id=guest_id, offer=offer):
            seen = TellSeat(media_id=seat.media_id, message=SeeGuest(offer=offer, ends=not guest_id))
            return replace(state, seat=replace(seat, guest_id=guest_id)), (seen,)
        case AskStillHere(seconds=seconds):
            return replace(state, seat=replace(seat, asked_until_s=now.monotonic_s + seconds)), ()
        case MuteSeat(muted=muted):
            return replace(state, seat=replace(seat, muted=muted, hand_raised=False)), ()
        case OfferAgain():
            return _lost(state, seat, now, retry_s=now.monotonic_s)
        case EndSeat(why=why):
            return put_down(state, seat, now, None if why == "left" else why)


def _lost(state: State, seat: Seat, now: Now, retry_s: float | None = None) -> Outcome:
    """Schedule a reconnection; the seat is kept for a while."""
    due_s = seat.due_s if seat.due_s is not None else now.monotonic_s + GIVEN_UP_AFTER_S
    if retry_s is None:
        retry_s = now.monotonic_s + (0.0 if seat.stage == "seated" else RETRY_S)
    lost = replace(seat, stage="entering", due_s=due_s, retry_s=retry_s, picture="none")
    return replace(state, seat=lost), ()
