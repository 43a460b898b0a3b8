"""The resident's urgent call rings the duty officer's page; answering it also assigns the request (V11)."""

from typing import Protocol

from cloud.calls import presence, settings, ways
from cloud.calls.models import Call, Rung
from cloud.calls.opening import opened
from cloud.devices.models import Device
from cloud.notify import nudge
from cloud.people.models import Contact, Resident

# The call was connected: the request is fulfilled.
_HELD = frozenset({"resident", "caller", "limit"})


class HelpBoard(Protocol):
    """The calls app's interface to the help board, which is a separate domain."""

    def is_waiting(self, device: Device, help_id: str, /) -> bool:
        """Return whether nobody has answered the request yet."""

    def take(self, device: Device, help_id: str, officer: Contact, /) -> bool:
        """Assign the request to the officer; return False if it is taken."""

    def close(self, device: Device, help_id: str, officer: Contact, /) -> None:
        """Close the request after the call."""


_boards: list[HelpBoard] = []


def connect(board: HelpBoard) -> None:
    """Set the help board; done once, by the desk app."""
    _boards[:] = [board]


def ring(device: Device, request_id: str) -> None:
    """Ring the duty officer; without one only the board rings, and shows it."""
    resident: Resident | None = device.resident
    if resident is None or Call.objects.filter(pk=request_id).exists():
        return
    if not _boards[0].is_waiting(device, request_id):
        return
    officer = settings.duty_officer(resident.organisation)
    if officer is None:
        return
    call = opened(request_id, Call.Kind.URGENT, device, resident)
    way = ways.ring(call, officer, is_here=presence.is_here(officer))
    Rung.objects.create(call=call, contact=officer, way=way or "")
    nudge.call_changed(officer.pk)


def is_taken(call: Call) -> bool:
    """Return whether the request was answered without this call."""
    return not _boards[0].is_waiting(call.device, call.pk)


def take(call: Call, officer: Contact) -> bool:
    """Assign the request to the officer; return False if it is taken. Within the caller's transaction."""
    return _boards[0].take(call.device, call.pk, officer)


def call_ended(call: Call) -> None:
    """Close the request of an urgent call that took place. Within the caller's transaction."""
    officer = call.contact
    if call.kind == Call.Kind.URGENT and officer and call.connected_at and call.why in _HELD:
        _boards[0].close(call.device, call.pk, officer)
