"""Whatever a device sends becomes rows of the database, or a note that it could not; nothing stops here."""

import logging
from dataclasses import dataclass
from typing import cast

from django.db import InterfaceError, OperationalError, transaction

from cloud.devices.models import Device
from cloud.devices.rejected import reject
from cloud.link.events import keep_event
from cloud.link.reports import keep_answer, keep_heartbeat, keep_presence, keep_reported
from device.contract import topics
from device.contract.documents import Document
from device.contract.errors import ContractError, Malformed
from device.contract.topics import Channel
from device.contract.wire import unseal

log = logging.getLogger(__name__)

# The database is not there: nothing is wrong with the message, which has to be tried again.
NoDatabase = (OperationalError, InterfaceError)


@dataclass(frozen=True)
class Receipt:
    """The event with this id may be receipted to the device once the transaction is committed."""

    device: str
    id: str


@dataclass(frozen=True)
class CameOnline:
    """The device is there again."""

    device: str


Effect = Receipt | CameOnline


def take_in(topic: str, payload: bytes, *, is_retained: bool) -> Effect | None:
    """One message from the broker, within the caller's transaction.

    Raises only ``NoDatabase`` errors. An empty payload is a retained message taken away: nothing.
    """
    name = device_name(topic)
    device = _find(name)
    if device is None or not payload:
        if payload:
            log.warning("Ignored a message on %r: there is no such device", topic)
        return None
    parsed = topics.parse(topic)
    channel = parsed[1] if parsed else None
    try:
        with transaction.atomic():
            return _keep(device, channel, payload, is_retained=is_retained)
    except NoDatabase:
        raise
    except ContractError as error:
        reject(device, channel.suffix if channel else topic, str(error))
    except Exception:
        log.exception("A message on %s could not be taken in", topic)
        reject(device, channel.suffix if channel else topic, "the desk could not take this in")
    return None


def take_in_event(device: Device, payload: bytes) -> str | None:
    """One event that came over HTTPS, within the caller's transaction; its id if it may be receipted."""
    effect = take_in(topics.topic(device.pk, topics.EVENT), payload, is_retained=False)
    return effect.id if isinstance(effect, Receipt) else None


def _keep(device: Device, channel: Channel | None, payload: bytes, *, is_retained: bool) -> Effect | None:
    if channel is None or not device.is_enrolled:
        raise Malformed("this device is not enrolled any more" if channel else "not a topic of this device")
    if channel is topics.EVENT:
        return Receipt(device.pk, keep_event(device, payload))
    envelope = unseal(payload, channel.type)
    if channel is topics.PRESENCE:
        came = keep_presence(device, envelope, is_retained=is_retained)
        return CameOnline(device.pk) if came else None
    if channel is topics.ANSWER:
        keep_answer(device, envelope)
    elif channel is topics.HEARTBEAT:
        keep_heartbeat(device, envelope)
    elif channel in topics.REPORTED.values():
        keep_reported(device, cast(Document, channel.suffix.rpartition("/")[2]), envelope)
    return None


def device_name(topic: str) -> str:
    """Return the device of a topic, whatever stands behind it."""
    parts = topic.split("/")
    return parts[3] if len(parts) > 3 else ""


def _find(name: str) -> Device | None:
    return Device.objects.select_related("organisation").filter(pk=name).first()
