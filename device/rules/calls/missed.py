"""Who called in vain, until the resident has seen it (V22)."""

from msgspec.structs import replace

from device.rules.calls.call import Missed, Party
from device.rules.moment import Moment
from device.rules.state import State

MOST_KEPT = 20


def remember(state: State, party: Party, now: Moment) -> State:
    """The newest call of each caller."""
    missed = Missed(party=party, at=now.wall if now.trusted else None)
    return _with(state, (*_without(state, party.contact_id), missed)[-MOST_KEPT:])


def forget(state: State, contact_id: str) -> State:
    """They have been talked to, or will be."""
    return _with(state, _without(state, contact_id))


def forget_strangers(state: State) -> State:
    """Whoever was on the list and is so no longer is not named any more (V8, V17)."""
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
