"""Which rooms are open: the café by its hours, meetings by their time; also without the desk."""

from datetime import datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from msgspec import Struct

from device.contract.cafe import CAFE, Guest, Meeting
from device.rules.cafe import current_or_next
from device.rules.calls.admission import is_in_use
from device.rules.calm import is_help_wanted
from device.rules.now import Now
from device.rules.state import State

OPENS_BEFORE = timedelta(minutes=10)
INVITES_BEFORE = timedelta(minutes=5)
RINGS_FOR = timedelta(seconds=60)
CLOSING_WORD = timedelta(minutes=5)


class Room(Struct, frozen=True, kw_only=True):
    """An open room; ``title`` is empty for the café without a name."""

    id: str
    title: str
    closes: datetime
    guests: tuple[Guest, ...]
    only_hosts_speak: bool = False
    photo: str | None = None


class Invitation(Struct, frozen=True, kw_only=True):
    """A meeting that is about to begin, or has begun without the resident."""

    meeting: Meeting
    how: Literal["soon", "rings", "goes-on"]


def room(state: State, now: Now, id_: str) -> Room | None:
    """Return the room with this id, if it is open."""
    if not now.trusted:
        return None
    return _cafe(state, now) if id_ == CAFE else _meeting(state, now, id_)


def is_ringing(state: State) -> bool:
    """Return whether a meeting's invitation rings, and so takes the screen."""
    return state.inviting.endswith(" rings")


def invitation(state: State, now: Now) -> Invitation | None:
    """Return the current invitation; None while help is open."""
    table = state.documents.cafe
    if table is None or not now.trusted or not is_in_use(state) or is_help_wanted(state):
        return None
    due = [
        meeting
        for meeting in table.meetings
        if meeting.id not in state.invitations.settled
        and meeting.starts - INVITES_BEFORE <= now.wall < meeting.ends
    ]
    if not due:
        return None
    meeting = min(due, key=lambda each: each.starts)
    if now.wall < meeting.starts:
        return Invitation(meeting=meeting, how="soon")
    rings = now.wall < meeting.starts + RINGS_FOR
    return Invitation(meeting=meeting, how="rings" if rings else "goes-on")


def seconds_to_check(state: State, now: Now) -> float | None:
    """Return when the invitation changes next; None where none is near."""
    table = state.documents.cafe
    if table is None:
        return None
    moments = [
        at
        for meeting in table.meetings
        for at in (meeting.starts - INVITES_BEFORE, meeting.starts, meeting.starts + RINGS_FOR, meeting.ends)
        if at > now.wall
    ]
    return (min(moments) - now.wall).total_seconds() if moments else None


def _cafe(state: State, now: Now) -> Room | None:
    calendar, view, table = state.documents.calendar, state.documents.view, state.documents.cafe
    if calendar is None or view is None or not view.elements.cafe:
        return None
    opening = current_or_next(calendar.cafe, now.wall, ZoneInfo(view.time_zone))
    if opening is None or opening.opens > now.wall:
        return None
    guests = tuple(table.guests) if table else ()
    return Room(id=CAFE, title=calendar.cafe.name, closes=opening.closes, guests=guests)


def _meeting(state: State, now: Now, id_: str) -> Room | None:
    table = state.documents.cafe
    for meeting in table.meetings if table else ():
        if meeting.id == id_ and meeting.starts - OPENS_BEFORE <= now.wall < meeting.ends:
            return Room(
                id=id_,
                title=meeting.title,
                closes=meeting.ends,
                guests=tuple(meeting.guests),
                only_hosts_speak=meeting.only_hosts_speak,
                photo=meeting.photo,
            )
    return None
