"""A call that broke off when a network changed, and is dialled again by the page that was in it."""

from device.contract.commands import Ring
from device.rules.calls import ending
from device.rules.calls.ending import Outcome
from device.rules.now import Now
from device.rules.state import State

# Not a forced call, nor one of an agent, which the resident accepted only once.
RESTORED = ("rung", "placed", "urgent")


def restores(state: State, ring: Ring, now: Now) -> bool:
    """Return whether the resident was in the call that this one replaces, and has not left it since."""
    if ring.replaces is None:
        return False
    call, over = state.call, state.call_over
    if call:
        is_of_kind = call.about.kind in RESTORED and call.stage == "connected"
        return is_of_kind and (call.id, call.about.party.contact_id) == (ring.replaces, ring.contact_id)
    if over is None or over.how != "lost" or now.monotonic_s >= over.until_s:
        return False
    return (over.call_id, over.party.contact_id) == (ring.replaces, ring.contact_id)


def let_go(state: State, ring: Ring, now: Now) -> Outcome:
    """End what is left of the call that is replaced."""
    call = state.call
    return (
        ending.end(state, call, now, "gone", shown="lost")
        if call and call.id == ring.replaces
        else (state, ())
    )
