"""Database access of the café process: requests in, notices out, and the attendance record."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from cloud.cafe import rooms
from cloud.cafe.models import Ask, Engine, Meeting, Post, Seat
from cloud.cafe.notices import (
    ComeAgain,
    MuteChanged,
    Notice,
    Out,
    Presence,
    SeatTaken,
    Shown,
    StillHereAsked,
    Unusable,
)
from cloud.cafe.sessions import Reason, Rules
from cloud.devices import commands
from cloud.devices.documents import refresh_one
from cloud.devices.models import Device
from cloud.notify import live_updates
from cloud.organisations.models import Organisation
from cloud.screens.models import ScreenGroup
from device.contract import cafe as contract

MOST_ASKS = 200
# A seat's page renews it every few seconds; a device is detected by its media.
BROWSER_SILENT = timedelta(seconds=12)
LIFETIME = timedelta(seconds=20)
NOT_ALLOWED = Unusable("not-allowed")


@dataclass(frozen=True)
class Wanted:
    """A request, with the data that the process needs."""

    seat_id: str
    room: str
    person: str
    kind: str
    body: dict[str, Any]


def open_seats() -> list[str]:
    """Return all seats that have not ended."""
    return list(Seat.objects.filter(left_at=None).values_list("pk", flat=True))


@transaction.atomic
def take_asks() -> list[Wanted]:
    """Return all waiting requests, the oldest first; each is taken once.

    One to leave is dropped where the person has joined again since: the newer seat replaces the older.
    """
    waiting = list(Ask.objects.select_related("seat").order_by("pk")[:MOST_ASKS])
    Ask.objects.filter(pk__in=[ask.pk for ask in waiting]).delete()
    return [
        Wanted(ask.seat_id, ask.seat.room, ask.seat.person, ask.kind, ask.body)
        for ask in waiting
        if ask.seat.left_at is None and not (ask.kind == "leave" and _is_replaced(ask.seat))
    ]


def rules_for(wanted: Wanted) -> Rules | None:
    """Return the session's rules; None where this person may no longer enter the room."""
    seat = _seat(wanted.seat_id)
    now = timezone.now()
    if seat is None:
        return None
    room = rooms.meeting_room(seat.meeting, now) if seat.meeting else rooms.cafe_room(seat.organisation, now)
    return rooms.rules_of(room) if room and room.id == seat.room else None


def raise_hand(seat_id: str) -> bool:
    """Raise the hand of a seat that only listens, for the hosts; return whether it is one."""
    return bool(Seat.objects.filter(pk=seat_id, listens=True).update(hand_raised=True))


def note(room: str, person: str, notice: Notice) -> str | None:
    """Record a notice; return the seat to notify, if it is there.

    A seat that waits to be let in for the first time is not concerned: the notice is older than it.
    """
    now = timezone.now()
    let_in = Seat.objects.filter(room=room, left_at=None).exclude(entered_at=None, asks__kind="enter")
    mine = [seat for seat in let_in if seat.person == person]
    if not mine:
        return None
    seat = max(mine, key=lambda each: each.asked_at)
    for older in mine:
        if older.pk != seat.pk:
            _leave(older, "elsewhere", now)
            tell(older.pk, Out(Reason.LEFT))
    match notice:
        case SeatTaken() if seat.entered_at is None:
            Seat.objects.filter(pk=seat.pk).update(entered_at=now)
        case Out(reason=reason):
            _leave(seat, reason.value, now)
        case Unusable():
            _leave(seat, "unusable", now)
    return seat.pk


def tell(seat_id: str, notice: Notice) -> None:
    """Send a notice, as a command to the device or as a post to the page."""
    seat = Seat.objects.select_related("device", "organisation").filter(pk=seat_id).first()
    if seat is None:
        return
    if seat.device:
        command = _command(seat, notice)
        commands.issue(seat.device, command, by=None, lifetime=LIFETIME)
        return
    Post.objects.create(seat=seat, body=_post(notice))
    live_updates.seat_changed(seat.pk)


def note_presence(presence: Presence) -> None:
    """Store which participants have lost their connection, and end the meeting where the room has ended."""
    for seat in Seat.objects.filter(room=presence.room, left_at=None):
        is_away = seat.person in presence.away
        if seat.is_away != is_away:
            Seat.objects.filter(pk=seat.pk).update(is_away=is_away)
    if not presence.ended or not presence.room.startswith("m"):
        return
    meeting = Meeting.objects.filter(pk=int(presence.room[1:]), ended_at=None).first()
    if meeting:
        refresh_screens(end(meeting, presence.ended.value))


@transaction.atomic
def end(meeting: Meeting, why: str) -> set[str]:
    """End a meeting and schedule its repetition, once; return the rooms whose screens to update.

    The table's process, the clock and a host may all end it at the same moment.
    """
    running = Meeting.objects.filter(pk=meeting.pk, ended_at=None)
    if not running.update(ended_at=timezone.now(), ended_why=why):
        return set()
    following = plan_next(meeting)
    return {meeting.room, following.room} if following else {meeting.room}


def plan_next(meeting: Meeting) -> Meeting | None:
    """Return the next occurrence of a repeating meeting, at the same wall time, or None."""
    if not meeting.repeats_days:
        return None
    step, zone = timedelta(days=meeting.repeats_days), timezone.get_default_timezone()
    starts, lasts = meeting.starts_at.astimezone(zone), meeting.ends_at - meeting.starts_at
    now = timezone.now()
    while starts <= now:
        # Wall time: a meeting at ten in summer is at ten in winter.
        starts = (starts.replace(tzinfo=None) + step).replace(tzinfo=zone)
    following = Meeting.objects.create(
        organisation=meeting.organisation,
        title=meeting.title,
        starts_at=starts.astimezone(UTC),
        ends_at=starts.astimezone(UTC) + lasts,
        repeats_days=meeting.repeats_days,
        picture=meeting.picture,
        everybody=meeting.everybody,
        only_hosts_speak=meeting.only_hosts_speak,
        ends_when_hosts_leave=meeting.ends_when_hosts_leave,
    )
    following.hosts.set(meeting.hosts.all())
    following.invited.set(meeting.invited.all())
    following.groups.set(meeting.groups.all())
    return following


def refresh_screens(stale: set[str]) -> None:
    """Update the devices of residents who may see these rooms, and the pages at their tables."""
    for room in stale:
        for device in _devices_of(room):
            refresh_one(device, "cafe")
        for seat_id in Seat.objects.filter(room=room, left_at=None, device=None).values_list("pk", flat=True):
            live_updates.seat_changed(seat_id)


def forget_engines(most: int) -> None:
    """Delete the rows of SFUs that are not configured any more; create those that are."""
    Engine.objects.filter(pk__gt=most).delete()
    for number in range(most):
        Engine.at(number)


def say_reachable(number: int, *, reachable: bool) -> None:
    """Record whether this SFU is reachable, for the screens."""
    engine = Engine.at(number)
    changed = engine.reachable != reachable
    engine.reachable = reachable
    engine.save()
    if changed:
        # Not before the commit: locks on a whole fleet would delay help.
        transaction.on_commit(refresh_all)


def refresh_all() -> None:
    """Update every device that has a resident."""
    for device in Device.objects.exclude(resident=None):
        refresh_one(device, "cafe")


def invited_to(meeting: Meeting) -> set[int]:
    """Return the residents who are invited by name or with a group of theirs."""
    by_name = meeting.invited.values_list("pk", flat=True)
    by_group = ScreenGroup.residents.through.objects.filter(screengroup__meetings=meeting)
    return {*by_name, *by_group.values_list("resident", flat=True)}


def group_changed(residents: set[int], **_: object) -> None:
    """Update the screens of those who joined or left a group, which may be invited to events."""
    refresh_residents(residents)


def refresh_residents(residents: set[int]) -> None:
    """Update the documents of these residents' devices."""
    for device in Device.objects.filter(resident__in=residents):
        refresh_one(device, "cafe")


def close_lost(before_s: float) -> None:
    """End earlier seats whose people did not reconnect."""
    before = datetime.fromtimestamp(before_s, UTC)
    stale = set()
    for seat in Seat.objects.filter(left_at=None, asked_at__lt=before, seen_at__lt=before):
        _leave(seat, Reason.LINE_LOST.value, timezone.now())
        stale.add(seat.room)
    refresh_screens(stale)


def left_before(then: datetime) -> QuerySet[Seat]:
    """Return the visits to tables that ended before then."""
    return Seat.objects.filter(left_at__lt=then)


def silent_browsers() -> list[tuple[str, str]]:
    """Return seats whose page sent no heartbeat lately, whatever their connection reports."""
    quiet = Seat.objects.filter(left_at=None, device=None, seen_at__lt=timezone.now() - BROWSER_SILENT)
    return [(seat.room, seat.person) for seat in quiet]


def _devices_of(room: str) -> list[Device]:
    if room.startswith("m"):
        meeting = Meeting.objects.filter(pk=int(room[1:])).first()
        if meeting and not meeting.everybody:
            return list(Device.objects.filter(resident__in=invited_to(meeting)))
        owner = meeting.organisation if meeting else None
    else:
        owner = Organisation.objects.filter(pk=int(room.removeprefix("cafe"))).first()
    if owner is None:
        return []
    return list(Device.objects.filter(resident__organisation__path__startswith=owner.path))


def _is_replaced(seat: Seat) -> bool:
    newer = Seat.objects.filter(room=seat.room, left_at=None, asked_at__gt=seat.asked_at)
    return any(other.person == seat.person for other in newer)


def _leave(seat: Seat, why: str, now: datetime) -> None:
    Seat.objects.filter(pk=seat.pk, left_at=None).update(left_at=now, why=why)
    Ask.objects.filter(seat=seat).delete()


def _seat(seat_id: str) -> Seat | None:
    found = Seat.objects.select_related("meeting__organisation", "organisation")
    return found.filter(pk=seat_id, left_at=None).first()


def _command(seat: Seat, notice: Notice) -> contract.CafeCommand:
    id_ = seat.pk
    match notice:
        case SeatTaken(answers=answers):
            return contract.GiveSeat(
                seat_id=id_, guest_id=seat.person, sound=answers.sound, picture=answers.picture
            )
        case Shown(whom=whom, offer=offer):
            return contract.ShowGuest(seat_id=id_, guest_id=whom or "", offer=offer)
        case StillHereAsked(until_s=until_s):
            left_s = round(until_s - timezone.now().timestamp())
            return contract.AskStillHere(seat_id=id_, seconds=max(1, min(600, left_s)))
        case MuteChanged(muted=muted):
            return contract.MuteSeat(seat_id=id_, muted=muted)
        case ComeAgain():
            return contract.OfferAgain(seat_id=id_)
        case Unusable(why=why):
            return contract.EndSeat(seat_id=id_, why="not-allowed" if why == "not-allowed" else "unusable")
        case Out(reason=reason):
            return contract.EndSeat(seat_id=id_, why=reason.value)


def _post(notice: Notice) -> dict[str, Any]:
    match notice:
        case SeatTaken(answers=answers):
            return {"kind": "seat", "sound": answers.sound, "picture": answers.picture}
        case Shown(whom=whom, offer=offer):
            return {"kind": "shown", "whom": whom or "", "offer": offer}
        case StillHereAsked(until_s=until_s):
            return {"kind": "still", "until_s": until_s}
        case MuteChanged(muted=muted):
            return {"kind": "muted", "muted": muted}
        case ComeAgain():
            return {"kind": "again"}
        case Unusable(why=why):
            return {"kind": "out", "why": "not-allowed" if why == "not-allowed" else "unusable"}
        case Out(reason=reason):
            return {"kind": "out", "why": reason.value}
