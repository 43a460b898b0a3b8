"""Missed calls, until the resident has seen them (V22)."""

from msgspec.structs import replace

from device.rules.calls.call import Missed, Party
from device.rules.now import Now
from device.rules.state import State

MOST_KEPT = 20


def remember(state: State, party: Party, now: Now) -> State:
    """Add a missed call; only the newest of each caller is kept."""
    missed = Missed(party=party, at=now.wall if now.trusted else None)
    return _with(state, (*_without(state, party.contact_id), missed)[-MOST_KEPT:])


def forget(state: State, contact_id: str) -> State:
    """Remove this caller's missed calls."""
    return _with(state, _without(state, contact_id))


def forget_strangers(state: State) -> State:
    """Remove callers who are no longer on the list (V8, V17)."""
    people = state.documents.people
    listed = {contact.id for contact in people.contacts} if people else set()
    kept = (each for each in state.calls.missed if not each.party.known or each.party.contact_id in listed)
    return _with(state, tuple(kept))


def _without(state: State, contact_id: str) -> tuple[Missed, ...]:
    return tuple(each for each in state.calls.missed if each.party.contact_id != contact_id)


def _with(state: State, missed: tuple[Missed, ...]) -> State:
    if missed == state.calls.missed:
        return state
    return replace(state, calls=replace(state.calls, missed=missed))
