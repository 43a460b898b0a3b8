"""Handles a device's call events."""

import logging

from django.utils import timezone

from cloud.calls import answering, audit_chain, urgent
from cloud.calls.ending import END_LIFETIME, changed, end, locked
from cloud.calls.models import Call
from cloud.devices import commands
from cloud.devices.models import Device, DeviceCommand
from cloud.devices.rejected import reject
from cloud.notify import live_updates
from device.contract import topics
from device.contract.commands import ConnectCall, EndCall, ForcedCall, Ring, ServiceCall
from device.contract.events import (
    CallAnswered,
    CallConnected,
    CallDeclined,
    CallEnded,
    CallLogged,
    CallMissed,
    CallPlaced,
    UrgentCallRequested,
    WireEvent,
)

_Word = CallAnswered | CallConnected | CallMissed | CallDeclined | CallEnded

log = logging.getLogger(__name__)

INVITATIONS = (Ring, ForcedCall, ConnectCall, ServiceCall)
EVENTS = (
    CallPlaced, UrgentCallRequested, CallLogged, CallAnswered, CallConnected, CallMissed, CallDeclined,
    CallEnded,
)  # fmt: skip


def handle(device: Device, event: WireEvent) -> None:
    """Update the call. Inside the transaction that stores the event."""
    match event.what:
        case CallPlaced(call_id=id_, contact_ids=contacts):
            if not Call.objects.filter(pk=id_).exists():
                answering.placed(device, id_, contacts)
        case UrgentCallRequested(request_id=id_):
            urgent.ring(device, id_)
        case CallLogged() as entry:
            _keep(device, entry)
        case CallAnswered() | CallConnected() | CallMissed() | CallDeclined() | CallEnded() as word:
            if _is_own(device, word.call_id):
                _follow(word)


def _keep(device: Device, entry: CallLogged) -> None:
    kept = audit_chain.keep(device, entry)
    if kept.wrong:
        words = f"the log of forced calls, entry {kept.number}: {kept.wrong}"
        reject(device, topics.EVENT.suffix, words)


def _follow(word: _Word) -> None:
    match word:
        case CallMissed(call_id=id_):
            end(id_, "no-answer", tell_device=False)
        case CallDeclined(call_id=id_, why=why, detail=detail):
            _declined(id_, why, detail)
        case CallEnded(call_id=id_, why=why, seconds=seconds):
            # A call that the desk ended comes back as "desk"; by then it is over here.
            end(id_, "caller" if why == "desk" else why, tell_device=False, seconds=seconds)
        case CallAnswered() | CallConnected():
            _goes_on(word)


def reach_changed(device: Device, **_signal: object) -> None:
    """Notify the contacts of a resident whose device came online or went offline."""
    if device.resident:
        for contact in device.resident.relations.values_list("contact", flat=True):
            live_updates.call_changed(contact)


def answered(command: DeviceCommand, stage: str, reason: str) -> None:
    """Handle the final answer to an invitation: a failed one ends the call."""
    if stage not in ("failed", "expired"):
        return
    why = "not-reachable" if stage == "expired" else "failed"
    end(command.body["call_id"], why, tell_device=stage == "failed", detail=reason)


def _is_own(device: Device, call_id: str) -> bool:
    if Call.objects.filter(pk=call_id, device=device).exists():
        return True
    log.warning("%s speaks of a call that is not its own: %s", device.pk, call_id)
    return False


def _goes_on(word: CallAnswered | CallConnected) -> None:
    call = locked(word.call_id)
    if call is None:
        return
    if not call.is_open:
        # The call was ended while the answer was in transit: end it at the device too.
        hung_up = EndCall(call_id=call.pk, why="hung-up")
        commands.issue(call.device, hung_up, by=None, lifetime=END_LIFETIME)
        return
    now = timezone.now()
    if isinstance(word, CallAnswered) and call.has_caller:
        if call.state == Call.State.RINGING:
            call.state, call.answered_at = Call.State.ANSWERED, now
        call.answer = call.answer or word.answer
    elif isinstance(word, CallConnected) and call.state == Call.State.ANSWERED:
        call.state, call.connected_at = Call.State.CONNECTED, now
    call.save()
    changed(call)


def _declined(call_id: str, why: str, detail: str) -> None:
    if end(call_id, why, tell_device=False, detail=detail):
        return
    # The answer to the command may have been faster; the event contains more.
    Call.objects.filter(pk=call_id, why="failed", answered_at=None).update(why=why)
