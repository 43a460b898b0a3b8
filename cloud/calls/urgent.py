"""The resident's urgent call rings at the duty officer's page; taken there is taken on the board (V11)."""

from functools import partial

from django.db import transaction
from django.utils import timezone

from cloud.calls import settings
from cloud.calls.models import Call, Rung
from cloud.calls.opening import opened
from cloud.devices.models import Device
from cloud.help.board import send_update
from cloud.help.log import note
from cloud.help.models import HelpRequest, HelpStep
from cloud.notify import nudge
from cloud.people.models import Contact, Resident

# The call was held: what the resident asked for has come about.
_HELD = frozenset({"resident", "caller", "limit"})


def ring(device: Device, request_id: str) -> None:
    """Rings at whoever is on duty; without anybody the board goes on alone, and says so."""
    request = HelpRequest.objects.filter(
        help_id=request_id, device=device, closed_at=None, taken_at=None
    ).first()
    resident: Resident | None = device.resident
    if request is None or resident is None or Call.objects.filter(pk=request_id).exists():
        return
    officer = settings.duty_officer(resident.organisation)
    if officer is None:
        return
    call = opened(request_id, Call.Kind.URGENT, device, resident)
    Rung.objects.create(call=call, contact=officer)
    nudge.call_changed(officer.pk)


def is_taken(call: Call) -> bool:
    """Whether the board has gone on without this call."""
    return not HelpRequest.objects.filter(
        help_id=call.pk, device=call.device, taken_at=None, closed_at=None
    ).exists()


def take(call: Call, officer: Contact) -> bool:
    """The officer answers; False where the board was faster. Within the caller's transaction."""
    waiting = HelpRequest.objects.select_for_update(of=("self",)).filter(help_id=call.pk, device=call.device)
    request = waiting.filter(taken_at=None, closed_at=None).first()
    if request is None:
        return False
    request.taken_name, request.taken_at = str(officer)[:150], timezone.now()
    request.save(update_fields=["taken_name", "taken_at"])
    _tell(request, "taken", officer)
    return True


def call_ended(call: Call) -> None:
    """Closes the request of an urgent call that was held. Within the caller's transaction."""
    officer = call.contact
    if call.kind != Call.Kind.URGENT or officer is None or not call.connected_at or call.why not in _HELD:
        return
    request = _request(call)
    if request:
        request.closed_at = max(request.received_at, timezone.now())
        request.save(update_fields=["closed_at"])
        _tell(request, "closed", officer)


def _request(call: Call) -> HelpRequest | None:
    rows = HelpRequest.objects.select_for_update(of=("self",))
    return rows.filter(help_id=call.pk, device=call.device, closed_at=None).first()


def _tell(request: HelpRequest, stage: str, officer: Contact) -> None:
    note(request, HelpStep.Kind(stage), str(officer), way="call")
    send_update(request, stage, officer.first_name)
    transaction.on_commit(partial(nudge.changed, request.organisation, nudge.HELP))
