"""Hosts who sat at the resident's table: kept for the page of who looked in (K5)."""

from datetime import UTC

from msgspec.structs import replace

from device.contract.cafe import Guest
from device.rules.now import Now
from device.rules.state import State
from device.rules.tables.rooms import room
from device.rules.tables.seat import HostVisit, HostVisits, Seat

# More than the hosts of a month of daily gatherings.
MOST_KEPT = 100


def noted(before: State, state: State, now: Now) -> State:
    """Return the state with hosts who came to the table, and how long those stayed who are gone."""
    log = state.host_visits.log
    seat = state.seat if state.seat and state.seat.stage != "asking" else None
    hosts = _hosts(state, seat, now) if seat else {}
    log = tuple(_ended(entry, before, now) if _is_over(entry, seat, hosts) else entry for entry in log)
    if seat and seat.stage == "seated":
        going = {entry.host_id for entry in log if entry.is_going}
        log += tuple(_came(seat, host, now) for id_, host in hosts.items() if id_ not in going)
    if log == state.host_visits.log:
        return state
    return replace(state, host_visits=HostVisits(log=log[-MOST_KEPT:]))


def _hosts(state: State, seat: Seat, now: Now) -> dict[str, Guest]:
    opened = room(state, now, seat.room)
    return {guest.id: guest for guest in (opened.guests if opened else ()) if guest.is_host}


def _is_over(entry: HostVisit, seat: Seat | None, hosts: dict[str, Guest]) -> bool:
    is_there = seat is not None and entry.seat_id == seat.id and entry.host_id in hosts
    return entry.is_going and not is_there


def _came(seat: Seat, host: Guest, now: Now) -> HostVisit:
    at = now.wall.astimezone(UTC)
    return HostVisit(seat_id=seat.id, host_id=host.id, name=host.name, title=seat.title, at=at)


def _ended(entry: HostVisit, before: State, now: Now) -> HostVisit:
    """Return how long it lasted; not known where the device was restarted meanwhile."""
    was_seated = before.seat is not None and before.seat.id == entry.seat_id
    seconds = max(0.0, (now.wall - entry.at).total_seconds()) if was_seated else None
    return replace(entry, is_going=False, seconds=seconds)
