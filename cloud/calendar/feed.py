"""A resident's iCalendar feed for other programs, behind a revocable secret link (K12)."""

import secrets
from datetime import date, datetime
from hashlib import sha256
from zoneinfo import ZoneInfo

from django.utils import timezone
from icalendar import Calendar, Event

from cloud.calendar.agenda import occurrences_of
from cloud.calendar.models import CalendarFeed
from cloud.organisations.models import User
from cloud.people.models import Resident
from cloud.screens.zone import zone_of
from device.contract.documents import Occurrence

SECRET_BYTES = 32


def make(resident: Resident, user: User) -> str:
    """Create a new secret, shown once; it replaces the previous one."""
    secret = secrets.token_urlsafe(SECRET_BYTES)
    facts = {"secret_sha256": _digest(secret), "made_by": user, "made_at": timezone.now()}
    CalendarFeed.objects.update_or_create(resident=resident, defaults=facts)
    return secret


def find(secret: str) -> CalendarFeed | None:
    """Return the feed with this secret, or None."""
    return CalendarFeed.objects.select_related("resident").filter(secret_sha256=_digest(secret)).first()


def as_ical(resident: Resident) -> bytes:
    """Return upcoming occurrences as RFC 5545, each as a single event in its original zone."""
    calendar = Calendar()
    calendar.add("prodid", "-//Kotiruutu//Calendar//EN")
    calendar.add("version", "2.0")
    found, _until = occurrences_of(resident)
    own_zone = zone_of(resident)
    for each in found:
        calendar.add_component(_event(each, own_zone))
    return bytes(calendar.to_ical())


def _event(each: Occurrence, own_zone: ZoneInfo) -> Event:
    zone = ZoneInfo(each.time_zone) if each.time_zone else own_zone
    event = Event()
    event.add("uid", f"{each.id}-{each.starts}@kotiruutu")
    event.add("dtstamp", timezone.now())
    event.add("summary", each.title)
    if each.place:
        event.add("location", each.place)
    event.add("dtstart", _moment(each.starts, zone, all_day=each.all_day))
    if each.ends:
        event.add("dtend", _moment(each.ends, zone, all_day=each.all_day))
    return event


def _moment(text: str, zone: ZoneInfo, *, all_day: bool) -> date | datetime:
    moment = datetime.fromisoformat(text)
    return moment.date() if all_day else moment.replace(tzinfo=zone)


def _digest(secret: str) -> str:
    return sha256(secret.encode()).hexdigest()
