"""The resident's urgent call rings the duty officer's page; answering it also assigns the request (V11)."""

from cloud.calls import help_board, presence, settings, ways
from cloud.calls.models import Call, Invitee
from cloud.calls.opening import opened
from cloud.devices.models import Device
from cloud.notify import live_updates
from cloud.people.models import Contact, Resident

# The call was connected: the request is fulfilled.
_HELD = frozenset({"resident", "caller", "limit"})


def ring(device: Device, request_id: str) -> None:
    """Ring the duty officer; without one only the board rings, and shows it."""
    resident: Resident | None = device.resident
    if resident is None or Call.objects.filter(pk=request_id).exists():
        return
    if not help_board.board().is_waiting(device, request_id):
        return
    officer = settings.duty_officer(resident.organisation)
    if officer is None:
        return
    call = opened(request_id, Call.Kind.URGENT, device, resident)
    way = ways.ring(call, officer, is_here=presence.is_here(officer))
    Invitee.objects.create(call=call, contact=officer, way=way or "")
    live_updates.call_changed(officer.pk)


def is_taken(call: Call) -> bool:
    """Return whether the request was answered without this call."""
    return not help_board.board().is_waiting(call.device, call.pk)


def take(call: Call, officer: Contact) -> bool:
    """Assign the request to the officer; return False if it is taken. Within the caller's transaction."""
    return help_board.board().take(call.device, call.pk, officer)


def call_ended(call: Call) -> None:
    """Close the request of an urgent call that took place. Within the caller's transaction."""
    officer = call.contact
    if call.kind == Call.Kind.URGENT and officer and call.connected_at and call.why in _HELD:
        help_board.board().close(call.device, call.pk, officer)
