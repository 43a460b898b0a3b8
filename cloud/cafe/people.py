"""Browser users of a table: a relative with a personal link, or a user of the desk."""

from dataclasses import dataclass
from typing import Protocol

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from cloud.cafe import rooms
from cloud.cafe.models import Seat
from cloud.cafe.rooms import Room
from cloud.organisations.models import User
from cloud.people.models import Contact


class Callers(Protocol):
    """The café app's interface to the calls app."""

    def contact_of(self, request: HttpRequest, /) -> Contact | None:
        """Return the contact authenticated by a valid link, or None."""


_callers: list[Callers] = []


def connect(callers: Callers) -> None:
    """Set the interface; done once, by the desk app."""
    _callers[:] = [callers]


@dataclass(frozen=True)
class Visitor:
    """A browser user, and whether they are a host."""

    who: Contact | User

    def room(self, name: str) -> Room | None:
        """Return the room of that name, if they may enter it now."""
        now = timezone.now()
        if isinstance(self.who, Contact):
            found = rooms.for_contact(self.who, now)
            return found if found and name in ("", found.id) else None
        return rooms.for_user(self.who, name, now)

    @property
    def page(self) -> str:
        """Where they come from, and go back to."""
        return reverse("caller:page" if isinstance(self.who, Contact) else "cafe:meetings")

    @property
    def is_admitted(self) -> bool:
        """Whether this is a relative that the café lets in while it is open."""
        return isinstance(self.who, Contact) and rooms.admits(self.who)

    def may_host(self, room: Room) -> bool:
        """Return whether they may mute, remove and end: a meeting's host, or in the café any desk user."""
        if not isinstance(self.who, User):
            return False
        return room.meeting is None or room.meeting.hosts.filter(pk=self.who.pk).exists()

    def seat(self, seat_id: str) -> Seat | None:
        """Return their own seat, while they sit there."""
        mine = {"contact": self.who} if isinstance(self.who, Contact) else {"user": self.who}
        found = Seat.objects.filter(pk=seat_id, left_at=None, **mine)
        return found.select_related("organisation", "meeting").first()


def caller(request: HttpRequest) -> Visitor | None:
    """Return the relative of this request, or None."""
    contact = _callers[0].contact_of(request) if _callers else None
    return Visitor(contact) if contact else None


def on_call_page(contact: Contact) -> dict[str, object]:
    """The way from the call page to the table, where relatives are let in, and how many are there now."""
    if not rooms.admits(contact):
        return {"table": ""}
    room = rooms.for_contact(contact, timezone.now())
    return {
        "table": reverse("caller-table:page"),
        "table_is_open": room is not None,
        "table_guests": len(rooms.present(room.id)) if room else 0,
    }


def desk_user(request: HttpRequest) -> Visitor | None:
    """Return the signed-in user of this request, or None."""
    return Visitor(request.user) if isinstance(request.user, User) else None
