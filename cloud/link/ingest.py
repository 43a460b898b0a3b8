"""Stores each device message in the database, or records why it could not; none stops the worker."""

import logging
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Self, cast

from django.db import InterfaceError, OperationalError, transaction

from cloud.devices.models import DesiredDocument, Device
from cloud.devices.rejected import reject
from cloud.devices.retirement import is_retired, wipe_again
from cloud.link.events import ReadEvent, keep_events, read_event
from cloud.link.reports import keep_answer, keep_heartbeat, keep_presence, keep_reported
from device.contract import topics
from device.contract.documents import Document
from device.contract.errors import ContractError, Malformed
from device.contract.topics import Channel
from device.contract.wire import unseal

log = logging.getLogger(__name__)

# The database is unavailable: the message is valid and must be retried.
NoDatabase = (OperationalError, InterfaceError)


@dataclass(frozen=True)
class Receipt:
    """The event with this id may be acknowledged once the transaction is committed."""

    device: str
    id: str


@dataclass(frozen=True)
class CameOnline:
    """The device came online: what it lacks may be sent."""

    device: str


Effect = Receipt | CameOnline


@dataclass
class Batch:
    """Messages of one transaction: each device is loaded once; ``save`` stores events and health at once."""

    devices: dict[str, Device]
    broker: str
    _documents: dict[str, dict[str, DesiredDocument]] | None = None
    _beaten: dict[str, Device] = field(default_factory=dict)
    _events: list[ReadEvent] = field(default_factory=list)

    @classmethod
    def of(cls, all_topics: Iterable[str], broker: str) -> Self:
        """Create a batch for messages on these topics from this broker."""
        names = {device_name(topic) for topic in all_topics}
        return cls(Device.objects.select_related("organisation", "resident").in_bulk(names), broker)

    def keep(self, topic: str, payload: bytes) -> Effect | None:
        """Handle one message; its effect counts only after ``save``.

        Raises ``ContractError`` and database errors.
        """
        device = self.devices.get(device_name(topic))
        if device is None or not payload:
            if payload:
                log.warning("Ignored a message on %r: there is no such device", topic)
            return None
        channel = channel_of(topic)
        if not device.is_enrolled and is_retired(device):
            return self._of_retired(device, channel)
        if channel is None or not device.is_enrolled:
            why = "this device is not enrolled any more" if channel else "not a topic of this device"
            raise Malformed(why)
        if channel is topics.EVENT:
            event = read_event(device, payload)
            self._events.append(event)
            return Receipt(device.pk, str(event.row.pk))
        return self._report(device, channel, payload)

    @staticmethod
    def _of_retired(device: Device, channel: Channel | None) -> Effect | None:
        """Ignore messages of a retired device; as it is online, it can be wiped."""
        return CameOnline(device.pk) if channel is topics.PRESENCE and wipe_again(device) else None

    def save(self) -> None:
        """Store the collected events, and the devices' health."""
        beaten, self._beaten = self._beaten, {}
        events, self._events = self._events, []
        if beaten:
            # What is alike in all rows is one short statement.
            heard_at = max(device.heard_at for device in beaten.values() if device.heard_at)
            Device.objects.filter(pk__in=beaten).update(heard_at=heard_at, broker=self.broker)
            # Not those whose presence came after the heartbeat and said that they leave.
            there = [device.pk for device in beaten.values() if device.online]
            Device.objects.filter(pk__in=there).update(online=True)
            Device.objects.bulk_update(beaten.values(), ["heartbeat"])
        if events:
            keep_events(events)

    def _report(self, device: Device, channel: Channel, payload: bytes) -> Effect | None:
        envelope = unseal(payload, channel.type)
        is_there = False
        if channel is topics.PRESENCE:
            is_there = keep_presence(device, self._documents_of(device), envelope, self.broker)
        elif channel is topics.ANSWER:
            keep_answer(device, envelope)
        elif channel is topics.HEARTBEAT:
            is_there = not device.online or device.broker != self.broker
            if keep_heartbeat(device, envelope, self.broker):
                self._beaten[device.pk] = device
        elif channel in topics.REPORTED.values():
            name = cast(Document, channel.suffix.rpartition("/")[2])
            keep_reported(device, self._documents_of(device), name, envelope)
        return CameOnline(device.pk) if is_there else None

    def _documents_of(self, device: Device) -> dict[str, DesiredDocument]:
        if self._documents is None:
            self._documents = {name: {} for name in self.devices}
            for row in DesiredDocument.objects.filter(device__in=self._documents).defer("body"):
                self._documents[row.device_id][row.name] = row
        return self._documents[device.pk]


def ingest(topic: str, payload: bytes, broker: str = "") -> Effect | None:
    """Handle one message within the caller's transaction.

    Raises only ``NoDatabase`` errors; an invalid message is recorded for the desk.
    """
    return _keep_alone(Batch.of([topic], broker), topic, payload)[0]


def ingest_events(device: Device, payloads: Iterable[bytes]) -> list[str]:
    """Handle events from HTTPS in the caller's transaction; return the ids that may be acknowledged.

    The device is loaded once; again only after an event that failed, as its state was rolled back.
    """
    topic = topics.topic(device.pk, topics.EVENT)
    batch, ids = Batch.of([topic], ""), []
    for payload in payloads:
        effect, is_kept = _keep_alone(batch, topic, payload)
        if isinstance(effect, Receipt):
            ids.append(effect.id)
        if not is_kept:
            batch = Batch.of([topic], "")
    return ids


def _keep_alone(batch: Batch, topic: str, payload: bytes) -> tuple[Effect | None, bool]:
    """Handle one message by itself; return its effect, and whether it was valid."""
    try:
        with transaction.atomic():
            effect = batch.keep(topic, payload)
            batch.save()
            return effect, True
    except NoDatabase:
        raise
    except ContractError as error:
        _reject(topic, str(error))
    except Exception:
        log.exception("A message on %s could not be taken in", topic)
        _reject(topic, "the desk could not take this in")
    return None, False


def device_name(topic: str) -> str:
    """Return the device of a topic, whatever follows it."""
    parts = topic.split("/")
    return parts[3] if len(parts) > 3 else ""


def channel_of(topic: str) -> Channel | None:
    """Return the channel of a topic, or None."""
    parsed = topics.parse(topic)
    return parsed[1] if parsed else None


def _reject(topic: str, reason: str) -> None:
    channel = channel_of(topic)
    # Load again: the previous state was rolled back.
    device = Device.objects.select_related("organisation").filter(pk=device_name(topic)).first()
    if device:
        reject(device, channel.suffix if channel else topic, reason)
