"""Handles a device's queue events as steps of its resident's visit."""

from django.utils import timezone

from cloud.devices.models import Device
from cloud.queue import document, line, service
from cloud.queue.line import Refused
from cloud.queue.models import Queue, Visit
from device.contract import queue as contract
from device.contract.events import WireEvent

EVENTS = (
    contract.QueueOpened,
    contract.QueueJoined,
    contract.QueueLeft,
    contract.QueueMessageSent,
    contract.QueueVideoWanted,
    contract.QueueCallBackAnswered,
    contract.QueueRated,
)


def handle(device: Device, event: WireEvent) -> None:
    """Handle the event in the caller's transaction; a late one is ignored."""
    what = event.what
    if isinstance(what, contract.QueueOpened | contract.QueueJoined):
        _opened_or_joined(device, what)
        return
    try:
        _of_visit(device, what)
    except (Refused, Visit.DoesNotExist):
        # The visit has ended or was transferred: the device gets its document.
        return


def _opened_or_joined(device: Device, event: contract.QueueOpened | contract.QueueJoined) -> None:
    resident = device.resident
    if resident is None:
        return
    if isinstance(event, contract.QueueJoined):
        queue = Queue.serving(resident.organisation).filter(pk=_number(event.queue_id)).first()
        if queue:
            service.join(device, event.visit_id, queue, event.way)
    document.push_device(device)


def _of_visit(device: Device, event: object) -> None:
    match event:
        case contract.QueueLeft(visit_id=visit_id):
            service.apply(visit_id, lambda rule: line.leave(rule, timezone.now()), by=device)
        case contract.QueueMessageSent(visit_id=visit_id, number=number, text=text):
            service.customer_wrote(device, visit_id, number, text)
        case contract.QueueVideoWanted(visit_id=visit_id, is_wanted=True):
            service.apply(visit_id, lambda rule: line.ask_video(rule, "customer"), by=device)
        case contract.QueueVideoWanted(visit_id=visit_id):
            service.apply(visit_id, line.refuse_video, by=device)
        case contract.QueueCallBackAnswered(visit_id=visit_id, accepted=accepted):
            answer = line.answer_call_back
            service.apply(visit_id, lambda rule: answer(rule, accepted=accepted), by=device)
        case contract.QueueRated(visit_id=visit_id, rating=rating):
            Visit.objects.filter(id=visit_id, device=device, stage="ended").update(rating=rating)


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 18 else 0
