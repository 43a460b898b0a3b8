"""Composes the queue document of a device: the resident's topics, and their visit."""

from collections.abc import Iterable
from contextvars import ContextVar
from typing import Any, cast

import msgspec

from cloud.devices.documents import NO_VERSION, refresh_many, refresh_one
from cloud.devices.models import Device
from cloud.notify import live_updates
from cloud.people.models import Resident
from cloud.queue.common import Common
from cloud.queue.estimate import Estimate
from cloud.queue.models import Message, Queue, Visit
from cloud.screens.models import ResidentView
from device.contract import queue as contract
from device.contract.documents import Document
from device.contract.hours import OpeningHours

QUEUE_DOCUMENT: tuple[Document, ...] = ("queue",)
# Of a conversation in one document, whose other parts need room too.
MOST_BYTES = 600_000
# Shared by the documents that one call updates together.
_common: ContextVar[Common | None] = ContextVar("common", default=None)


def push(visit: Visit) -> None:
    """Update the customer's screen; the link sends it after the commit."""
    if visit.contact_id is not None:
        live_updates.line_changed(visit.contact_id)
        return
    device = Device.objects.select_related("resident").filter(resident=visit.resident_id).first()
    if device:
        push_device(device)


def push_all(visits: Iterable[Visit]) -> None:
    """Update the screens of many customers together, in short transactions."""
    residents = []
    for visit in visits:
        if visit.contact_id is not None:
            live_updates.line_changed(visit.contact_id)
        else:
            residents.append(visit.resident_id)
    devices = Device.objects.filter(resident__in=residents)
    reading = _common.set(Common())
    try:
        refresh_many(list(devices.values_list("pk", flat=True)), QUEUE_DOCUMENT)
    finally:
        _common.reset(reading)


def push_device(device: Device) -> None:
    """Update a device whose resident may have no visit."""
    refresh_one(device, "queue")


def queue_document(device: Device, document: contract.QueueDocument) -> contract.QueueDocument:
    """Return topics and visit; an empty document while the view hides the element."""
    resident = device.resident
    view = cast("ResidentView | None", getattr(resident, "view", None))
    if resident is None or view is None or not view.queue:
        return document
    common = _common.get() or Common()
    queues = common.offered(resident.organisation, view.language)
    visit = _visit(resident, view.language, common)
    # During a visit the topics are not shown: estimates are computed when they are again.
    is_choosing = visit is None or visit.stage == "ended"
    line = common.line(queues) if is_choosing else None
    return contract.QueueDocument(
        version=NO_VERSION,
        topics=[_topic(queue, _estimate(common.wait(line, queue)) if line else None) for queue in queues],
        visit=visit,
    )


def _topic(queue: Queue, wait: contract.WaitEstimate | None) -> contract.QueueTopic:
    hours = [
        OpeningHours(days=each["days"], opens=each["opens"], closes=each["closes"]) for each in queue.hours
    ]
    return contract.QueueTopic(
        queue_id=str(queue.pk),
        name=queue.name,
        ways=cast(Any, queue.ways),
        hours=hours,
        closed_on=sorted(queue.closed_on)[-100:],
        is_closed=queue.is_closed,
        estimate=wait,
    )


def _estimate(found: Estimate | None) -> contract.WaitEstimate | None:
    return contract.WaitEstimate(least_min=found.least_min, most_min=found.most_min) if found else None


def _visit(resident: Resident, language: str, common: Common) -> contract.QueueVisit | None:
    visit = Visit.objects.filter(resident=resident).select_related("queue", "agent").last()
    if visit is None:
        return None
    place, wait = 0, None
    if visit.stage == "waiting":
        place = common.place(visit.queue, visit.number)
        wait = _estimate(common.wait(common.line([visit.queue]), visit.queue, visit))
    newest = visit.messages.order_by("-number")[: contract.MOST_MESSAGES]
    return contract.QueueVisit(
        visit_id=visit.id,
        queue_name=visit.queue.name,
        way=cast(Any, visit.way),
        stage=cast(Any, visit.stage),
        end=cast(Any, visit.end),
        joined_at=visit.joined_at,
        place=place,
        estimate=wait,
        is_released=visit.is_released,
        call_back=cast(Any, visit.call_back),
        video=cast(Any, visit.video),
        agent_name=visit.agent.display_name if visit.agent and visit.stage != "waiting" else "",
        served_at=visit.first_served_at,
        ended_at=visit.ended_at,
        messages=_fitting(newest),
        quick_replies=common.replies(visit.queue, language),
    )


def _fitting(newest: Iterable[Message]) -> list[contract.QueueMessage]:
    """Return the newest messages that fit into a document, oldest first."""
    found: list[contract.QueueMessage] = []
    left_bytes = MOST_BYTES
    for row in newest:
        message = contract.QueueMessage(
            number=row.number,
            author=cast(Any, row.author),
            name=row.name,
            text=row.text,
            sent_at=row.at,
            own_number=row.own_number,
        )
        left_bytes -= len(msgspec.json.encode(message))
        if left_bytes < 0:
            break
        found.insert(0, message)
    return found
