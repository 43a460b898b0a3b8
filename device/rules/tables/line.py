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
from device.rules.effects import Effect, FinishCall, PrepareSeat, Record, TellSeat
from device.rules.now import Now
from device.rules.state import State
from device.rules.tables.ending import Outcome, put_down, take_out
from device.rules.tables.seat import Seat

# The desk keeps a seat for this long while its connection is lost.
GIVEN_UP_AFTER_S = 60.0
RETRY_S = 3.0


def prepare(state: State, seat: Seat) -> Outcome:
    """Create the offers while the resident is asked: the first picture comes soon after the answer."""
    seat = replace(seat, attempt=1, prepared=True)
    return replace(state, seat=seat), (_prepared(state, seat),)


def enter(state: State, seat: Seat, now: Now) -> Outcome:
    """Send the offers of a seat, or create them where they were not prepared."""
    seat = replace(seat, stage="entering", due_s=now.monotonic_s + GIVEN_UP_AFTER_S)
    if not seat.prepared:
        return offer_again(state, replace(seat, attempt=0))
    # Without an offer they are being made.
    return replace(state, seat=seat), (_entered(seat),) if seat.sound else ()


def finish_unused(before: State, state: State) -> tuple[Effect, ...]:
    """End the process of a seat whose question was not answered with it."""
    asked = before.seat
    if asked is None or asked.stage != "asking" or not asked.prepared:
        return ()
    is_kept = state.seat is not None and state.seat.id == asked.id
    return () if is_kept else (FinishCall(call_id=asked.media_id),)


def offer_again(state: State, seat: Seat) -> Outcome:
    """Start a new process with new connections; the previous one ends."""
    again = replace(
        seat, stage="entering", attempt=seat.attempt + 1, retry_s=None, guest_id="", picture="none"
    )
    return replace(state, seat=again), (FinishCall(call_id=seat.media_id), _prepared(state, again))


def media_said(state: State, seat: Seat, message: FromMedia, now: Now) -> Outcome:
    """Handle one message of this seat's process; nothing is sent to the desk while the resident is asked."""
    if seat.stage == "asking":
        is_about_offers = isinstance(message, TableReady | Gone | Unusable)
        return replace(state, seat=_with_offers(seat, message) if is_about_offers else seat), ()
    return _media_said_at_table(state, seat, message, now)


def _media_said_at_table(state: State, seat: Seat, message: FromMedia, now: Now) -> Outcome:
    match message:
        case TableReady():
            seat = _with_offers(seat, message)
            return replace(state, seat=seat), (_entered(seat),)
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


def _with_offers(seat: Seat, message: FromMedia) -> Seat:
    """Return the seat with the offers that it has now, or without: then they are made with the answer."""
    if not isinstance(message, TableReady):
        return replace(seat, prepared=False, sound="")
    return replace(
        seat,
        sound=message.sound,
        own_picture=message.picture,
        frames=message.frames,
        own_frames=message.own_frames,
    )


def _prepared(state: State, seat: Seat) -> PrepareSeat:
    return PrepareSeat(
        media_id=seat.media_id,
        seat_id=seat.id,
        listens=seat.listens,
        ice_servers=state.documents.cafe.ice_servers if state.documents.cafe else [],
    )


def _entered(seat: Seat) -> Record:
    entered = TableEntered(
        seat_id=seat.id, room=seat.room, sound=seat.sound, picture=seat.own_picture, listens=seat.listens
    )
    return Record(what=entered)


def _lost(state: State, seat: Seat, now: Now, retry_s: float | None = None) -> Outcome:
    """Schedule a reconnection; the seat is kept for a while."""
    due_s = seat.due_s if seat.due_s is not None else now.monotonic_s + GIVEN_UP_AFTER_S
    if retry_s is None:
        retry_s = now.monotonic_s + (0.0 if seat.stage == "seated" else RETRY_S)
    lost = replace(seat, stage="entering", due_s=due_s, retry_s=retry_s, picture="none")
    return replace(state, seat=lost), ()
