"""Ids of past calls, against replayed invitations (K5)."""

from msgspec.structs import replace

from device.rules.calls.call import Particulars
from device.rules.state import State

MOST_KEPT = 200


def remember(state: State, call_id: str) -> State:
    """Add a call's id, except of an urgent call, which may be retried while it is open."""
    request = state.requests.urgent_call
    if call_id in state.calls.seen or (request and request.open and request.id == call_id):
        return state
    return replace(state, calls=replace(state.calls, seen=(*state.calls.seen, call_id)[-MOST_KEPT:]))


def close_urgent_call(state: State, about: Particulars) -> State:
    """Close an urgent call: the resident was called, or has cancelled it (V11)."""
    request = state.requests.urgent_call
    if about.kind != "urgent" or request is None or request.id != about.id:
        return state
    request = replace(request, stage="closed", by=about.party.name)
    return remember(replace(state, requests=replace(state.requests, urgent_call=request)), about.id)
