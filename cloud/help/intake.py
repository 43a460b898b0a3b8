"""A resident's request arrives from a device, and what the device did about it by SMS."""

from functools import partial

from django.db import transaction
from django.utils import timezone

from cloud.devices.models import Device
from cloud.help.log import note
from cloud.help.models import HelpRequest, HelpStep
from cloud.link import nudge
from device.contract.events import CallBackWished, Event, HelpRaised, HelpTakenBySms, HelpToldBySms

SMS = "sms"


def take_in(device: Device, event: Event) -> None:
    """Puts a request for help or for a call on the board, once for each id however often it comes.

    Called inside the transaction that stores the event; anything but a request is none of the board's.
    """
    match event.what:
        case HelpRaised(help_id=id_, source=source):
            _open(device, event, id_, HelpRequest.Kind.HELP, source)
        case CallBackWished(wish_id=id_):
            _open(device, event, id_, HelpRequest.Kind.CALL_BACK, "screen")
        case HelpToldBySms(help_id=id_):
            _told(_locked(device, event, id_), event, event.what)
        case HelpTakenBySms(help_id=id_, name=name):
            _taken(_locked(device, event, id_), name)


def _open(device: Device, event: Event, id_: str, kind: HelpRequest.Kind, source: str) -> None:
    request, is_new = HelpRequest.objects.get_or_create(
        device=device,
        help_id=id_,
        defaults={
            "kind": kind,
            "organisation": device.organisation,
            "resident": device.resident,
            "source": source,
            "raised_at": event.happened_at,
            "clock_trusted": event.clock_trusted,
        },
    )
    if is_new:
        note(request, HelpStep.Kind.RAISED, at=request.waits_since)
        note(request, HelpStep.Kind.RECEIVED, at=request.received_at)
        _tell_pages(request)


def _locked(device: Device, event: Event, id_: str) -> HelpRequest:
    """The device's own request, for this transaction alone; by whatever way the first word of it came."""
    _open(device, event, id_, HelpRequest.Kind.HELP, "")
    return HelpRequest.objects.select_for_update(of=("self",)).get(help_id=id_, device=device)


def _told(request: HelpRequest, event: Event, told: HelpToldBySms) -> None:
    key = f"sms/{event.boot_id}/{event.sequence}"
    note(
        request,
        HelpStep.Kind.TOLD,
        told.name.replace("\0", "\ufffd"),
        key=key,
        way=SMS,
        outcome=HelpStep.Outcome(told.outcome),
    )
    _tell_pages(request)


def _taken(request: HelpRequest, name: str) -> None:
    """The first who answers takes it; whoever answers later is in the log."""
    name = name.replace("\0", "\ufffd")
    note(request, HelpStep.Kind.TAKEN, name, key=f"taken/sms/{name}", way=SMS)
    if not request.taken_at and not request.closed_at:
        request.taken_name, request.taken_at = name, timezone.now()
        request.save(update_fields=["taken_name", "taken_at"])
    _tell_pages(request)


def _tell_pages(request: HelpRequest) -> None:
    transaction.on_commit(partial(nudge.changed, request.organisation, nudge.HELP))
