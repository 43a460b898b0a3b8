"""Handles many messages in one transaction, and one by one only where that fails."""

import logging
from collections.abc import Sequence

from cloud.base.sqlite.base import writing
from cloud.devices.models import Device
from cloud.devices.rejected import reject
from cloud.link.ingest import Batch, Effect, NoDatabase, ingest
from cloud.notify import live_updates
from cloud.notify.session import Arrived
from device.contract import topics
from device.contract.errors import ContractError

log = logging.getLogger(__name__)


def ingest_all(messages: Sequence[Arrived], broker: str, *, first: bool) -> list[Effect]:
    """Commit all messages together, or one by one if that fails; invalid ones are recorded and dropped.

    Raises only ``NoDatabase`` errors: then nothing is saved.
    """
    try:
        with writing(first=first), live_updates.together():
            batch = Batch.of([message.topic for message in messages], broker)
            effects = [batch.keep(message.topic, message.payload) for message in messages]
            batch.save()
    except NoDatabase:
        raise
    except ContractError as error:
        log.debug("One of %d messages cannot be used: %s", len(messages), error)
    except Exception:
        log.exception("%d messages could not be committed together", len(messages))
    else:
        return [effect for effect in effects if effect]
    return [effect for message in messages if (effect := _ingest_alone(message, broker, first=first))]


def _ingest_alone(message: Arrived, broker: str, *, first: bool) -> Effect | None:
    try:
        with writing(first=first):
            return ingest(message.topic, message.payload, broker)
    except NoDatabase:
        raise
    except Exception:
        log.exception("A message on %s could not be committed", message.topic)
        _note_lost(message)
    return None


def _note_lost(message: Arrived) -> None:
    parsed = topics.parse(message.topic)
    device = Device.objects.filter(pk=parsed[0]).first() if parsed else None
    try:
        if device and parsed:
            reject(device, parsed[1].suffix, "the desk could not take this in")
    except NoDatabase:
        raise
    except Exception:
        log.exception("Not even a note of it could be kept")
