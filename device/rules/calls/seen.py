"""Which calls have been here: an invitation that is played again does nothing (K5)."""

from msgspec.structs import replace

from device.rules.calls.call import Particulars
from device.rules.state import State

MOST_KEPT = 200


def remember(state: State, call_id: str) -> State:
    """An urgent wanted may be tried again as long as it is open."""
    wanted = state.requests.urgent_call
    if call_id in state.calls.seen or (wanted and wanted.open and wanted.id == call_id):
        return state
    return replace(state, calls=replace(state.calls, seen=(*state.calls.seen, call_id)[-MOST_KEPT:]))


def grant_wish(state: State, about: Particulars) -> State:
    """The resident has been called, or has said that they do not want it any more (V11)."""
    wanted = state.requests.urgent_call
    if about.kind != "urgent" or wanted is None or wanted.id != about.id:
        return state
    wanted = replace(wanted, stage="closed", by=about.party.name)
    return remember(replace(state, requests=replace(state.requests, urgent_call=wanted)), about.id)
