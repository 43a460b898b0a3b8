"""Requests answered by a call instead of a visit: the calls app's interface to the board (V11)."""

from django.utils import timezone

from cloud.devices.models import Device
from cloud.help.board import send_update
from cloud.help.log import note
from cloud.help.models import HelpRequest, HelpStep
from cloud.notify import live_updates
from cloud.organisations.models import User
from cloud.people.models import Contact


def is_waiting(device: Device, help_id: str) -> bool:
    """Return whether nobody has answered this request yet."""
    return HelpRequest.objects.filter(help_id=help_id, device=device, taken_at=None, closed_at=None).exists()


def answered_by(user: User) -> set[int]:
    """Return the residents whose open help requests this user has taken."""
    rows = HelpRequest.objects.filter(kind=HelpRequest.Kind.HELP, taken_by=user, closed_at=None)
    return set(rows.exclude(resident=None).values_list("resident", flat=True))


def take(device: Device, help_id: str, officer: Contact) -> bool:
    """Assign the request to the officer; return False if it is taken. Within the caller's transaction."""
    request = _open(device, help_id)
    if request is None or request.taken_at:
        return False
    request.taken_name, request.taken_at = str(officer)[:150], timezone.now()
    request.save(update_fields=["taken_name", "taken_at"])
    _tell(request, "taken", officer)
    return True


def close(device: Device, help_id: str, officer: Contact) -> None:
    """Close the request after the call. Within the caller's transaction."""
    request = _open(device, help_id)
    if request:
        request.closed_at = max(request.received_at, timezone.now())
        request.outcome = HelpRequest.Outcome.TALKED
        request.save(update_fields=["closed_at", "outcome"])
        _tell(request, "closed", officer)


def _open(device: Device, help_id: str) -> HelpRequest | None:
    rows = HelpRequest.objects.select_for_update(of=("self",))
    return rows.filter(help_id=help_id, device=device, closed_at=None).first()


def _tell(request: HelpRequest, stage: str, officer: Contact) -> None:
    send_update(request, stage, officer.first_name)
    note(request, HelpStep.Kind(stage), str(officer), way="call", key=f"{stage}/{request.updates}")
    live_updates.changed(request.organisation, live_updates.HELP)
