"""Which calls have been here: an invitation that is played again does nothing (K5)."""

from msgspec.structs import replace

from device.rules.calls.call import Particulars
from device.rules.state import State

MOST_KEPT = 200


def remember(state: State, call_id: str) -> State:
    """An urgent wish may be tried again as long as it is open."""
    wish = state.requests.call_back
    if call_id in state.calls.seen or (wish and wish.open and wish.id == call_id):
        return state
    return replace(state, calls=replace(state.calls, seen=(*state.calls.seen, call_id)[-MOST_KEPT:]))


def grant_wish(state: State, about: Particulars) -> State:
    """The resident has been called, or has said that they do not want it any more (V11)."""
    wish = state.requests.call_back
    if about.kind != "wished" or wish is None or wish.id != about.id:
        return state
    wish = replace(wish, stage="closed", by=about.party.name)
    return remember(replace(state, requests=replace(state.requests, call_back=wish)), about.id)
