"""A resident's request arrives from a device."""

from functools import partial

from django.db import transaction

from cloud.devices.models import Device
from cloud.help.models import HelpRequest
from cloud.link import nudge
from device.contract.events import CallBackWished, Event, HelpRaised


def take_in(device: Device, event: Event) -> None:
    """Puts a request for help or for a call on the board, once for each id however often it comes.

    Called inside the transaction that stores the event; anything but a request is none of the board's.
    """
    match event.what:
        case HelpRaised(help_id=id_, source=source):
            _open(device, event, id_, HelpRequest.Kind.HELP, source)
        case CallBackWished(wish_id=id_):
            _open(device, event, id_, HelpRequest.Kind.CALL_BACK, "screen")


def _open(device: Device, event: Event, id_: str, kind: HelpRequest.Kind, source: str) -> None:
    _, is_new = HelpRequest.objects.get_or_create(
        id=id_,
        defaults={
            "kind": kind,
            "organisation": device.organisation,
            "device": device,
            "resident": device.resident,
            "source": source,
            "raised_at": event.happened_at,
            "clock_trusted": event.clock_trusted,
        },
    )
    if is_new:
        transaction.on_commit(partial(nudge.changed, device.organisation, "help"))
