"""Handles a device's table events."""

from contextlib import suppress
from datetime import timedelta
from typing import get_args

from django.utils import timezone

from cloud.cafe import rooms, seating
from cloud.cafe.models import Seat
from cloud.devices import commands
from cloud.devices.models import Device
from device.contract.cafe import (
    EndSeat,
    MeetingRefused,
    OutReason,
    StillAtTable,
    TableAnswered,
    TableEntered,
    TableLeft,
    WantsToSpeak,
)
from device.contract.events import WireEvent

EVENTS = (TableEntered, TableAnswered, TableLeft, StillAtTable, WantsToSpeak, MeetingRefused)
# Older events from an outbox are about a table at which nobody waits any more.
FRESH = timedelta(seconds=60)
LIFETIME = timedelta(seconds=30)


def handle(device: Device, event: WireEvent) -> None:
    """Handle the event. Inside the transaction that stores it."""
    match event.what:
        case TableEntered() as entered:
            _enter(device, entered, is_fresh=abs(timezone.now() - event.happened_at) < FRESH)
        case TableAnswered(seat_id=id_, answer=answer):
            _ask(device, id_, "answer", {"answer": answer})
        case TableLeft(seat_id=id_, why=why):
            _ask(device, id_, "leave", {"why": why})
        case StillAtTable(seat_id=id_):
            _ask(device, id_, "still", {})
        case WantsToSpeak(seat_id=id_):
            _ask(device, id_, "speak", {})


def _enter(device: Device, entered: TableEntered, *, is_fresh: bool) -> None:
    if ended := Seat.objects.filter(pk=entered.seat_id, device=device).exclude(left_at=None).first():
        # A device that has not heard of it yet: it learns how it ended.
        _refuse(device, ended.pk, next((each for each in get_args(OutReason) if each == ended.why), "left"))
        return
    resident = device.resident
    may = is_fresh and resident is not None and device.use == Device.Use.IN_USE
    room = rooms.for_resident(resident, entered.room, timezone.now()) if may and resident else None
    if room is None or resident is None:
        _refuse(device, entered.seat_id, "not-allowed")
        return
    offers = {"sound": entered.sound, "picture": entered.picture}
    try:
        arrival = seating.Arrival(resident, offers, device=device, listens=entered.listens)
        seating.sit_down(entered.seat_id, room, arrival)
    except (PermissionError, seating.TooMany):
        _refuse(device, entered.seat_id, "not-allowed")


def _ask(device: Device, seat_id: str, kind: str, body: dict[str, str]) -> None:
    seat = Seat.objects.filter(pk=seat_id, device=device, left_at=None).first()
    if seat:
        # Its event is stored all the same: a full queue must not block other events.
        with suppress(seating.TooMany):
            seating.ask(seat, kind, body)


def _refuse(device: Device, seat_id: str, why: OutReason) -> None:
    commands.issue(device, EndSeat(seat_id=seat_id, why=why), by=None, lifetime=LIFETIME)
