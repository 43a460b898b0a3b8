"""Calls by the resident: every chosen contact's page rings, and the first to answer gets the call."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from cloud.base.ice import ice_servers
from cloud.calls import call_permissions, presence, urgent, ways
from cloud.calls.ending import changed, end, locked, nobody_left
from cloud.calls.errors import NotPlaced
from cloud.calls.models import Call, Invitee, PersonalLink
from cloud.calls.opening import opened
from cloud.devices import commands
from cloud.devices.models import Device
from cloud.notify import live_updates
from cloud.people.models import Contact
from device.contract.commands import ConnectCall, EndCall

CONNECT_LIFETIME = timedelta(seconds=20)
URGENT_LIFETIME = timedelta(seconds=45)
END_LIFETIME = timedelta(minutes=2)


def placed(device: Device, call_id: str, contact_ids: list[str]) -> None:
    """Ring every contact who is available; where nobody is, the resident is informed at once.

    Within the caller's transaction. A known call is not placed again.
    """
    resident = device.resident
    if resident is None:
        commands.issue(device, EndCall(call_id=call_id, why="not-reachable"), by=None, lifetime=END_LIFETIME)
        return
    if Call.objects.filter(pk=call_id).exists():
        return
    call = opened(call_id, Call.Kind.RESIDENT, device, resident)
    wanted = Contact.objects.filter(pk__in=[int(id_) for id_ in contact_ids if id_.isdecimal()])
    for contact in wanted:
        relation = call_permissions.find(contact, resident.pk)
        if relation and relation.visible_to_resident and not contact.locked:
            _ring(call, contact)
            live_updates.call_changed(contact.pk)
    nobody_left(call.pk)
    call.refresh_from_db()
    ways.tell_device(call)


def _ring(call: Call, contact: Contact) -> None:
    """Ring every open page and every phone of the contact, unless they are in a call."""
    if presence.is_calling(contact):
        Invitee.objects.create(call=call, contact=contact, outcome=Invitee.Outcome.BUSY)
        return
    way = ways.ring(call, contact, is_here=presence.is_here(contact))
    outcome = Invitee.Outcome.RINGING if way else Invitee.Outcome.NOT_REACHABLE
    Invitee.objects.create(call=call, contact=contact, outcome=outcome, way=way or "")


@transaction.atomic
def answer(link: PersonalLink, page: str, call_id: str, offer: str) -> Call:
    """Answer the call. Raises ``NotPlaced`` where somebody was faster, or it has ended."""
    contact = link.contact
    call = locked(call_id)
    mine = call.invitees.filter(contact=contact, outcome=Invitee.Outcome.RINGING) if call else None
    if call is None or mine is None or not mine.exists() or call.state != Call.State.RINGING:
        raise NotPlaced(call.why or "elsewhere" if call else "failed")
    if call.kind == Call.Kind.RESIDENT and call_permissions.find(contact, call.resident_id) is None:
        raise NotPlaced("not-allowed")
    if call.kind == Call.Kind.URGENT and not urgent.take(call, contact):
        end(call_id, "taken", tell_device=False)
        return call
    now = timezone.now()
    call.contact, call.link, call.page = contact, link, page
    call.state, call.answered_at, call.heard_at = Call.State.ANSWERED, now, now
    call.save()
    mine.update(outcome=Invitee.Outcome.ANSWERED)
    call.invitees.filter(outcome=Invitee.Outcome.RINGING).update(outcome=Invitee.Outcome.ELSEWHERE)
    connect = ConnectCall(
        call_id=call.pk,
        contact_id=str(contact.pk),
        name=str(contact)[:150],
        offer=offer,
        ice_servers=ice_servers(call.device_id, now),
        limit_min=call.limit_min,
    )
    lifetime = URGENT_LIFETIME if call.kind == Call.Kind.URGENT else CONNECT_LIFETIME
    commands.issue(call.device, connect, by=None, lifetime=lifetime)
    changed(call)
    return call


@transaction.atomic
def refuse(contact: Contact, call_id: str) -> None:
    """Refuse the call for this contact; the others may still answer."""
    call = locked(call_id)
    if call is None or call.state != Call.State.RINGING:
        return
    call.invitees.filter(contact=contact, outcome=Invitee.Outcome.RINGING).update(
        outcome=Invitee.Outcome.REFUSED
    )
    live_updates.call_changed(contact.pk)
    nobody_left(call_id)
