"""Requests to sit down: checked here, then carried out by the café process (V8, V27)."""

from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone

from cloud.cafe.models import Ask, Seat
from cloud.cafe.rooms import Room
from cloud.devices.models import Device
from cloud.notify import live_updates
from cloud.organisations.models import User
from cloud.people.models import Contact, Resident

# Notification subjects of the café process, and of a seat's page.
ASKED = "cafe-asked"
POSTED = "cafe-posted"
MOST_OPEN_ASKS = 40


class TooMany(Exception):
    """Too many requests from one person."""


@dataclass(frozen=True)
class Arrival:
    """A person who wants to enter a room, at their device or in a browser."""

    who: "Resident | Contact | User"
    offers: dict[str, Any]
    device: Device | None = None
    is_host: bool = False
    listens: bool = False


@transaction.atomic
def sit_down(seat_id: str, room: Room, arrival: Arrival) -> Seat:
    """Create a seat, or reconnect the same one. Raises ``PermissionError`` for another's seat."""
    found = Seat.objects.select_for_update().filter(pk=seat_id).first()
    if found is None:
        found = _new(seat_id, room, arrival)
        found.save(force_insert=True)
    elif found.left_at or found.room != room.id or _of(found) != arrival.who:
        raise PermissionError(seat_id)
    ask(found, "enter", arrival.offers)
    return found


def ask(seat: Seat, kind: str, body: dict[str, Any] | None = None) -> None:
    """Queue a request for the café process. Raises ``TooMany`` where too many are waiting."""
    if Ask.objects.filter(seat=seat).count() >= MOST_OPEN_ASKS:
        raise TooMany(seat.pk)
    Ask.objects.create(seat=seat, kind=kind, body=body or {})
    live_updates.changed(seat.organisation, ASKED)


def _new(seat_id: str, room: Room, arrival: Arrival) -> Seat:
    who, now = arrival.who, timezone.now()
    return Seat(
        id=seat_id,
        organisation=room.organisation,
        room=room.id,
        meeting=room.meeting,
        resident=who if isinstance(who, Resident) else None,
        contact=who if isinstance(who, Contact) else None,
        user=who if isinstance(who, User) else None,
        device=arrival.device,
        is_host=arrival.is_host,
        listens=arrival.listens or (room.only_hosts_speak and not arrival.is_host),
        asked_at=now,
        seen_at=now,
    )


def _of(seat: Seat) -> "Resident | Contact | User | None":
    return seat.resident or seat.contact or seat.user
