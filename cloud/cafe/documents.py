"""Adds tables to a device's document: participants, and the resident's meetings."""

from typing import Any

from django.utils import timezone

from cloud.base.ice import daily_ice_servers
from cloud.cafe import rooms
from cloud.cafe.models import Engine, EventPicture, Meeting, Seat
from cloud.cafe.rooms import Room
from cloud.devices.models import Device
from cloud.people.models import Resident
from device.contract import cafe as contract
from device.contract.documents import AnyDocument


def add_tables(device: Device, document: Any) -> AnyDocument:
    """Add tables to the document; a device without a resident gets none."""
    resident = device.resident
    if resident is None:
        return document  # type: ignore[no-any-return]
    now = timezone.now()
    room = rooms.cafe_room(resident.organisation, now)
    return contract.CafeNow(
        version=document.version,
        reachable=_is_reachable(room),
        guests=_guests(room.id, resident) if room else [],
        meetings=[_meeting(meeting, resident) for meeting in rooms.coming(resident, now)],
        ice_servers=daily_ice_servers(f"table-{device.pk}", now),
    )


def picture_of(device: Device, sha256: str) -> tuple[bytes, str] | None:
    """Return the picture of an event to which this device's resident is invited, with its type, or None."""
    if device.resident is None:
        return None
    invited = rooms.meetings_of(device.resident).filter(ended_at=None)
    row = EventPicture.objects.filter(meetings__in=invited, sha256=sha256).first()
    return (bytes(row.data), "image/jpeg") if row else None


def _is_reachable(room: Room | None) -> bool:
    """Whether the engine of this room can be reached; of a café that is closed, any."""
    if room:
        return Engine.serving(room.id).reachable
    return Engine.objects.filter(reachable=True).exists()


def _meeting(meeting: Meeting, resident: Resident) -> contract.Meeting:
    names = [user.first_name or user.get_username() for user in meeting.hosts.all()[:8]]
    return contract.Meeting(
        id=meeting.room,
        title=meeting.title,
        starts=meeting.starts_at,
        ends=meeting.ends_at,
        hosts=names,
        photo=meeting.picture.sha256 if meeting.picture else None,
        only_hosts_speak=meeting.only_hosts_speak,
        repeats_days=meeting.repeats_days,
        guests=_guests(meeting.room, resident),
    )


def _guests(room: str, resident: Resident) -> list[contract.Guest]:
    """Return the participants, with photos only of people on the resident's own list."""
    seats = rooms.present(room)
    known = set(resident.relations.filter(visible_to_resident=True).values_list("contact", flat=True))
    return [_guest(seat, known) for seat in seats]


def _guest(seat: Seat, known: set[int]) -> contract.Guest:
    return contract.Guest(
        id=seat.person,
        name=seat.first_name[:150],
        contact_id=str(seat.contact_id) if seat.contact_id in known else "",
        is_host=seat.is_host,
    )
