"""Ends calls: both ends are notified, and the outcome is recorded once."""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Literal

from django.db import transaction
from django.utils import timezone

from cloud.calls import audit_chain, call_permissions, missed, presence, urgent, ways
from cloud.calls.models import Call, ForcedCallEntry, Invitee, PersonalLink
from cloud.devices import commands
from cloud.devices.models import Device, DeviceCommand
from cloud.notify import live_updates
from cloud.people.models import Contact, Resident
from device.contract.commands import EndCall

END_LIFETIME = timedelta(hours=1)
LONGEST_DETAIL = 300

_REASON_ON_WIRE: dict[
    str, Literal["not-answered", "refused", "busy", "not-reachable", "gone", "limit", "withdrawn"]
] = {
    "no-answer": "not-answered",
    "refused": "refused",
    "busy": "busy",
    "not-reachable": "not-reachable",
    "gone": "gone",
    "limit": "limit",
    "withdrawn": "withdrawn",
}
# The outcome for contacts whose page still rings.
_OUTCOMES = {"elsewhere": Invitee.Outcome.ELSEWHERE, "taken": Invitee.Outcome.ELSEWHERE}


@transaction.atomic
def end(
    call_id: str, why: str, *, tell_device: bool = True, detail: str = "", seconds: float | None = None
) -> bool:
    """End an open call; return whether this ended it. ``seconds`` as the device counted."""
    call = locked(call_id)
    if call is None or not call.is_open:
        return False
    now = timezone.now()
    call.seconds = seconds if seconds is not None else _length_s(call, now)
    call.state, call.ended_at, call.why = Call.State.ENDED, now, why
    call.detail, call.answer = detail.replace("\0", "\ufffd")[:LONGEST_DETAIL], ""
    call.save()
    call.invitees.filter(outcome=Invitee.Outcome.RINGING).update(
        outcome=_OUTCOMES.get(why, Invitee.Outcome.MISSED)
    )
    _forget_invitations(call)
    if tell_device:
        body = EndCall(call_id=call.pk, why=_REASON_ON_WIRE.get(why, "hung-up"))
        commands.issue(call.device, body, by=None, lifetime=END_LIFETIME)
    if call.kind == Call.Kind.FORCED:
        audit_chain.note(call, ForcedCallEntry.What.ENDED)
    missed.note(call)
    ways.call_over(call)
    urgent.call_ended(call)
    changed(call)
    return True


def changed(call: Call) -> None:
    """Notify every page that shows this call, after the commit."""
    if call.contact:
        presence.announce(call.contact)
    if call.kind == Call.Kind.SERVICE:
        live_updates.changed(call.organisation, live_updates.QUEUE)
    for contact in call.invitees.values_list("contact", flat=True):
        live_updates.call_changed(contact)
    for contact in call.resident.relations.exclude(contact=call.contact_id).values_list("contact", flat=True):
        live_updates.call_changed(contact)


def locked(call_id: str) -> Call | None:
    """Lock the call for this transaction."""
    rows = Call.objects.select_for_update(of=("self",)).select_related(
        "resident", "device", "contact", "organisation"
    )
    return rows.filter(pk=call_id).first()


def withdraw_contact(contact: Contact) -> None:
    """End calls of a contact who was locked, anonymised, or unlinked (V8, V17)."""
    _withdraw(Call.objects.filter(contact=contact), _may_go_on)
    waiting = Invitee.objects.filter(contact=contact, outcome=Invitee.Outcome.RINGING)
    for invitee in waiting.select_related("call__resident", "contact"):
        if call_permissions.find(contact, invitee.call.resident_id) is None or contact.locked:
            waiting.filter(pk=invitee.pk).update(outcome=Invitee.Outcome.NOT_REACHABLE)
            nobody_left(invitee.call.pk)
    live_updates.call_changed(contact.pk)


def withdraw_resident(resident: Resident) -> None:
    """End calls that a resident's new settings or relations do not permit."""
    _withdraw(Call.objects.filter(resident=resident).exclude(contact=None), _may_go_on)
    for contact in resident.relations.values_list("contact", flat=True):
        live_updates.call_changed(contact)


def withdraw_device(device: Device) -> None:
    """End calls of a device that was retired or reassigned (V9, V16)."""
    is_used = device.use == Device.Use.IN_USE
    calls = Call.objects.filter(device=device)
    _withdraw(calls, lambda call: is_used and call.resident_id == device.resident_id)
    if device.resident:
        for contact in device.resident.relations.values_list("contact", flat=True):
            live_updates.call_changed(contact)


def withdraw_link(link: PersonalLink) -> None:
    """End the calls of a link that is no longer valid."""
    _withdraw(Call.objects.filter(link=link), lambda _call: False)
    live_updates.call_changed(link.contact_id)


@transaction.atomic
def nobody_left(call_id: str) -> None:
    """End the resident's call once it rings nobody any more."""
    call = locked(call_id)
    if call is None or call.state != Call.State.RINGING or call.contact_id:
        return
    # An urgent call stays on the board whatever the officer does, and the device continues to wait.
    is_urgent = call.kind == Call.Kind.URGENT
    outcomes = set(call.invitees.values_list("outcome", flat=True))
    if Invitee.Outcome.RINGING in outcomes:
        return
    for outcome, why in ((Invitee.Outcome.REFUSED, "refused"), (Invitee.Outcome.BUSY, "busy")):
        if outcome in outcomes:
            end(call_id, why, tell_device=not is_urgent)
            return
    end(call_id, "not-reachable", tell_device=not is_urgent)


def _withdraw(calls: Iterable[Call], may_go_on: Callable[[Call], bool]) -> None:
    for call in calls:
        if call.is_open and not may_go_on(call):
            end(call.pk, "withdrawn")


def _may_go_on(call: Call) -> bool:
    contact = call.contact
    if contact is None or contact.locked or contact.anonymised_at:
        return False
    if call.kind == Call.Kind.URGENT:
        return True
    relation = call_permissions.find(contact, call.resident_id)
    if relation is None:
        return False
    return call.kind != Call.Kind.FORCED or call_permissions.permanent_refusal(relation) is None


def _length_s(call: Call, now: datetime) -> float:
    return max(0.0, (now - call.connected_at).total_seconds()) if call.connected_at else 0.0


def _forget_invitations(call: Call) -> None:
    """Expire undelivered invitations: they must not ring any more."""
    for waiting in DeviceCommand.objects.filter(device=call.device_id, final=False, body__call_id=call.pk):
        commands.close(waiting, "expired")
