"""Which rooms a person may enter: nobody sees a room without an invitation (V8, V27)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet

from cloud.cafe.models import CafeSettings, Meeting, Seat
from cloud.cafe.opening import OpenCafe, open_cafe, open_cafes
from cloud.cafe.sessions import Rules
from cloud.organisations.models import Grant, Organisation, User
from cloud.organisations.roles import Verb, roles_that_may
from cloud.people.models import Contact, Resident
from device.contract.cafe import CAFE

OPENS_BEFORE = timedelta(minutes=10)
# As far as the agenda on the screen goes.
SHOWN_AHEAD = timedelta(days=8)
MOST_SHOWN = 20
MOST_GUESTS = 50


@dataclass(frozen=True)
class Room:
    """A room that somebody may enter now."""

    id: str
    title: str
    organisation: Organisation
    closes_at: datetime
    ends_when_hosts_leave: bool
    asks_after_min: int
    meeting: Meeting | None = None

    @property
    def only_hosts_speak(self) -> bool:
        """Return whether all others need a host's permission to speak."""
        return self.meeting is not None and self.meeting.only_hosts_speak


def cafe_room(organisation: Organisation, now: datetime) -> Room | None:
    """Return the café's room, while it is open."""
    opened = open_cafe(organisation, now)
    return _cafe_room(opened) if opened else None


def cafe_rooms(organisations: Iterable[Organisation], now: datetime) -> list[Room]:
    """Return the rooms of the cafés of these organisations that are open."""
    return [_cafe_room(opened) for opened in open_cafes(organisations, now)]


def _cafe_room(opened: OpenCafe) -> Room:
    chosen = CafeSettings.serving(opened.owner)
    return Room(
        id=f"cafe{opened.owner.pk}",
        title=opened.name,
        organisation=opened.owner,
        closes_at=opened.closes_at,
        ends_when_hosts_leave=chosen.ends_when_hosts_leave,
        asks_after_min=chosen.asks_after_min,
    )


def meeting_room(meeting: Meeting, now: datetime) -> Room | None:
    """Return a meeting's room, from some minutes before its start to its end."""
    if meeting.ended_at or not meeting.starts_at - OPENS_BEFORE <= now < meeting.ends_at:
        return None
    return Room(
        id=meeting.room,
        title=meeting.title,
        organisation=meeting.organisation,
        closes_at=meeting.ends_at,
        ends_when_hosts_leave=meeting.ends_when_hosts_leave,
        asks_after_min=CafeSettings.serving(meeting.organisation).asks_after_min,
        meeting=meeting,
    )


def for_resident(resident: Resident, name: str, now: datetime) -> Room | None:
    """Return the room of that name, if this resident may enter it now."""
    if name == CAFE:
        return cafe_room(resident.organisation, now)
    meeting = meetings_of(resident).filter(pk=_pk(name)).first()
    return meeting_room(meeting, now) if meeting else None


def for_contact(contact: Contact, now: datetime) -> Room | None:
    """Return the café of a resident of this relative, where its organisation admits relatives."""
    for organisation in _organisations_of(contact):
        room = cafe_room(organisation, now)
        if room and CafeSettings.serving(room.organisation).relatives_may_join:
            return room
    return None


def admits(contact: Contact) -> bool:
    """Whether a café would let this relative in, while it is open."""
    return any(CafeSettings.serving(each).relatives_may_join for each in _organisations_of(contact))


def _organisations_of(contact: Contact) -> list[Organisation]:
    relations = contact.relations.filter(visible_to_resident=True).select_related("resident__organisation")
    return [relation.resident.organisation for relation in relations]


def for_user(user: User, name: str, now: datetime) -> Room | None:
    """Return a room of the user's own organisations."""
    if name.startswith("cafe"):
        owner = Organisation.objects.visible_to(user).filter(pk=_pk(name.removeprefix("caf"))).first()
        room = cafe_room(owner, now) if owner else None
        return room if room and room.id == name else None
    meeting = Meeting.objects.visible_to(user).filter(pk=_pk(name)).first()
    return meeting_room(meeting, now) if meeting else None


def hosts_for(user: User) -> QuerySet[User]:
    """Return users that this user may choose as hosts: those whose role lets them host."""
    hosting = Grant.objects.filter(role__in=roles_that_may(Verb.HOST_CAFE)).values("user")
    ours = Organisation.objects.visible_to(user)
    return User.objects.filter(is_active=True, organisation__in=ours, pk__in=hosting)


def meetings_of(resident: Resident) -> QuerySet[Meeting]:
    """Return all meetings to which the resident is invited."""
    line = resident.organisation.line
    invited = Q(invited=resident) | Q(groups__residents=resident) | Q(everybody=True)
    return Meeting.objects.filter(invited, organisation__in=line).distinct()


def coming(resident: Resident, now: datetime) -> list[Meeting]:
    """Those of the coming week that have not ended."""
    due = meetings_of(resident).filter(ended_at=None, ends_at__gt=now, starts_at__lt=now + SHOWN_AHEAD)
    due = due.select_related("picture").defer("picture__data")
    return list(due.prefetch_related("hosts")[:MOST_SHOWN])


def present(room: str) -> list[Seat]:
    """Return the current seats of a room."""
    seats = Seat.objects.filter(room=room, left_at=None, is_away=False).exclude(entered_at=None)
    return list(seats.select_related("resident", "contact", "user").order_by("entered_at")[:MOST_GUESTS])


def rules_of(room: Room) -> Rules:
    """Return the session's rules, with the hosts who are present."""
    hosts = Seat.objects.filter(room=room.id, left_at=None, is_host=True)
    return Rules(
        hosts=frozenset(seat.person for seat in hosts),
        closes_s=room.closes_at.timestamp(),
        ends_when_hosts_leave=room.ends_when_hosts_leave,
        asks_after_s=room.asks_after_min * 60.0,
        may_begin_again=room.meeting is None,
    )


def _pk(name: str) -> int:
    figures = name[1:]
    return int(figures) if figures.isdecimal() and len(figures) < 16 else 0
