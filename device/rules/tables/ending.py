"""The end of a seat at a table: reported to the desk, explained on the screen, with a way back."""

from msgspec.structs import replace

from device.contract.cafe import LeftReason, TableLeft
from device.rules.effects import Effect, FinishCall, Record
from device.rules.now import Now
from device.rules.state import State
from device.rules.tables.seat import OverWhy, Seat, SeatOver

SHOWN_S = 20.0
# After help or a call the screen offers the way back for this long.
RETURN_SHOWN_S = 600.0
# What took the resident away, and ends by itself.
INTERRUPTIONS: frozenset[OverWhy] = frozenset({"call", "help"})
_RETURNS: frozenset[OverWhy] = frozenset({"call", "help", "no_answer", "line_lost", "unreachable"})

Outcome = tuple[State, tuple[Effect, ...]]


def take_out(state: State, seat: Seat, now: Now, why: LeftReason, shown: OverWhy | None) -> Outcome:
    """End a seat; the desk is notified unless the resident was only invited."""
    if seat.stage == "asking":
        return replace(state, seat=None), ()
    record = Record(what=TableLeft(seat_id=seat.id, why=why))
    state, effects = put_down(state, seat, now, shown)
    return state, (record, *effects)


def put_down(state: State, seat: Seat, now: Now, shown: OverWhy | None) -> Outcome:
    """Remove the seat from the state and end its process."""
    over = None
    if shown:
        may_return = shown in _RETURNS
        over = SeatOver(
            room=seat.room,
            title=seat.title,
            why=shown,
            listens=seat.listens,
            until_s=None if shown in INTERRUPTIONS else now.monotonic_s + SHOWN_S,
            may_return=may_return,
        )
    return replace(state, seat=None, seat_over=over), (FinishCall(call_id=seat.media_id),)
