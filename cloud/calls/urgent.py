"""The resident's urgent call rings at the duty officer's page; taken there is taken on the board (V11)."""

from typing import Protocol

from cloud.calls import presence, settings, ways
from cloud.calls.models import Call, Rung
from cloud.calls.opening import opened
from cloud.devices.models import Device
from cloud.notify import nudge
from cloud.people.models import Contact, Resident

# The call was held: what the resident asked for has come about.
_HELD = frozenset({"resident", "caller", "limit"})


class HelpBoard(Protocol):
    """What calls need of the board of requests, which is a domain beside this one."""

    def is_waiting(self, device: Device, help_id: str, /) -> bool:
        """Whether nobody has taken the request yet."""

    def take(self, device: Device, help_id: str, officer: Contact, /) -> bool:
        """The officer answers; False where the board was faster."""

    def close(self, device: Device, help_id: str, officer: Contact, /) -> None:
        """The resident and the officer have talked."""


_boards: list[HelpBoard] = []


def connect(board: HelpBoard) -> None:
    """Says where the requests are; done once, by the desk."""
    _boards[:] = [board]


def ring(device: Device, request_id: str) -> None:
    """Rings at whoever is on duty; without anybody the board goes on alone, and says so."""
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
    """Whether the board has gone on without this call."""
    return not _boards[0].is_waiting(call.device, call.pk)


def take(call: Call, officer: Contact) -> bool:
    """The officer answers; False where the board was faster. Within the caller's transaction."""
    return _boards[0].take(call.device, call.pk, officer)


def call_ended(call: Call) -> None:
    """Closes the request of an urgent call that was held. Within the caller's transaction."""
    officer = call.contact
    if call.kind == Call.Kind.URGENT and officer and call.connected_at and call.why in _HELD:
        _boards[0].close(call.device, call.pk, officer)
