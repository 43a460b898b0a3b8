"""What the desk has to say to devices, from the database to the broker; sent again until it has arrived."""

import logging
import math
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, TypeVar
from uuid import UUID

from django.db.models import F, QuerySet
from django.db.models.functions import Left
from django.utils import timezone

from cloud.devices import commands
from cloud.devices.documents import with_version
from cloud.devices.models import DesiredDocument, Device, DeviceCommand
from cloud.link.intake import NoDatabase
from cloud.notify import nudge
from cloud.notify.session import Session
from device.contract import topics
from device.contract.events import Received
from device.contract.wire import seal

log = logging.getLogger(__name__)
Row = TypeVar("Row", DesiredDocument, DeviceCommand)

MOST_AT_ONCE = 200
# The broker is asked again for what it has not acknowledged by then.
PATIENCE_S = 10.0
FIRST_AGAIN_S, LAST_AGAIN_S = 2.0, 30.0
MOST_IDS = 500


@dataclass(frozen=True)
class _Document:
    pk: int
    version: int


@dataclass(frozen=True)
class _Command:
    pk: UUID


@dataclass
class _Again:
    """When a command is due once more; the wait doubles."""

    due: float
    wait_s: float = FIRST_AGAIN_S


@dataclass
class Outgoing:
    """Publishes for the devices of these partitions. Used by one thread."""

    session: Session
    partitions: str
    _in_flight: dict[int, _Document | _Command] = field(default_factory=dict)
    _asked: dict[_Document | _Command, float] = field(default_factory=dict)
    _again: dict[UUID, _Again] = field(default_factory=dict)

    def publish_due(self, device: str | None = None) -> None:
        """Looks into the database, for one device or for all, and publishes what is due."""
        if not self.session.is_connected:
            return
        now = time.monotonic()
        for mid in [mid for mid, what in self._in_flight.items() if self._is_late(what, now)]:
            self._asked.pop(self._in_flight.pop(mid), None)
        for document in self._ours(_unsent_documents(), device)[:MOST_AT_ONCE]:
            _alone(self._publish_document, document)
        open_commands = list(self._ours(commands.unanswered(), device)[:MOST_AT_ONCE])
        for command in open_commands:
            _alone(self._publish_command, command)
        if device is None:
            still_open = {command.pk for command in open_commands}
            self._again = {pk: again for pk, again in self._again.items() if pk in still_open}

    def publish_receipts(self, device: str, ids: Iterable[str]) -> None:
        """Tells a device which of its events are committed."""
        waiting = list(ids)
        for at in range(0, len(waiting), MOST_IDS):
            body = Received(ids=waiting[at : at + MOST_IDS])
            payload = seal(body, topics.RECEIVED.type, sent_at=timezone.now())
            self.session.publish(topics.topic(device, topics.RECEIVED), payload, qos=1)

    def expire_commands(self) -> None:
        """Closes the commands whose time is over."""
        over = self._ours(DeviceCommand.objects.filter(final=False, expires_at__lte=timezone.now()), None)
        for command in over.select_related("device__organisation")[:MOST_AT_ONCE]:
            commands.close(command, "expired")
            nudge.changed(command.device.organisation, nudge.DEVICE)

    def sent(self, mid: int, refusal: str) -> None:
        """The broker has answered for one message."""
        what = self._in_flight.pop(mid, None)
        if what is None:
            return
        if refusal:
            # Left as asked: it is tried again when patience is over, not at once and for ever.
            log.error("The broker refuses what the desk sends: %s", refusal)
            return
        self._asked.pop(what, None)
        if isinstance(what, _Document):
            known = DesiredDocument.objects.filter(pk=what.pk, sent_version__lt=what.version)
            known.update(sent_version=what.version)
        else:
            DeviceCommand.objects.filter(pk=what.pk, sent_at=None).update(sent_at=timezone.now())

    def forget_asked(self) -> None:
        """The connection was lost: everything without an acknowledgement is asked again."""
        self._in_flight.clear()
        self._asked.clear()

    def hurry(self, device: str) -> None:
        """The device is back: its open commands are due now."""
        for pk in DeviceCommand.objects.filter(device=device, final=False).values_list("pk", flat=True):
            self._again.pop(pk, None)

    def seconds_until_due(self, most: float) -> float:
        """How long nothing is due, as far as is known here; at most ``most``."""
        soonest = min((again.due for again in self._again.values()), default=math.inf)
        return max(0.05, min(most, soonest - time.monotonic()))

    def _publish_document(self, document: DesiredDocument) -> None:
        what = _Document(document.pk, document.version)
        if self._has_asked(what):
            return
        channel = topics.DESIRED[document.name]  # type: ignore[index]
        payload = seal(with_version(document), channel.type, sent_at=document.saved_at)
        self._publish(what, topics.topic(document.device_id, channel), payload, retain=True)

    def _publish_command(self, command: DeviceCommand) -> None:
        now = time.monotonic()
        again = self._again.get(command.pk)
        if again and now < again.due:
            return
        if again and not command.device.online:
            # It finds the command in its session, and is hurried when it comes back.
            again.due = now + LAST_AGAIN_S
            return
        what = _Command(command.pk)
        if self._has_asked(what):
            return
        # Answered in part, it is only asked how it ended.
        wait_s = (
            LAST_AGAIN_S if command.stage else min(again.wait_s * 2, LAST_AGAIN_S) if again else FIRST_AGAIN_S
        )
        self._again[command.pk] = _Again(now + wait_s, wait_s)
        left_s = (command.expires_at - timezone.now()) / timedelta(seconds=1)
        topic = topics.topic(command.device_id, topics.COMMAND)
        self._publish(what, topic, commands.envelope(command), expiry_s=max(1, math.ceil(left_s)))

    def _publish(self, what: _Document | _Command, topic: str, payload: bytes, **options: Any) -> None:
        mid = self.session.publish(topic, payload, qos=1, **options)
        if mid is not None:
            self._in_flight[mid] = what
            self._asked[what] = time.monotonic()

    def _has_asked(self, what: _Document | _Command) -> bool:
        asked = self._asked.get(what)
        if asked is None:
            return False
        if time.monotonic() - asked < PATIENCE_S:
            return True
        del self._asked[what]
        return False

    def _is_late(self, what: _Document | _Command, now: float) -> bool:
        return now - self._asked.get(what, now) >= PATIENCE_S

    def _ours(self, rows: QuerySet[Any], device: str | None) -> QuerySet[Any]:
        if device is not None:
            return rows.filter(device=device)
        if self.partitions == topics.PARTITIONS:
            return rows
        ours: QuerySet[Any] = rows.annotate(share=Left("device_id", 1))
        return ours.filter(share__in=list(self.partitions))


def silence(partitions: str, longest: timedelta) -> None:
    """Devices that have not been heard for so long count as offline, whatever the broker believes."""
    silent = Device.objects.filter(online=True, heard_at__lt=timezone.now() - longest)
    for device in silent.select_related("organisation"):
        if device.pk[0] in partitions:
            Device.objects.filter(pk=device.pk, heard_at=device.heard_at).update(online=False)
            nudge.changed(device.organisation, nudge.DEVICE)


def _alone(publish: Callable[[Row], None], row: Row) -> None:
    """One row that cannot be sent, after an upgrade for example, holds up no other."""
    try:
        publish(row)
    except NoDatabase:
        raise
    except Exception:
        log.exception("Something for a device cannot be sent: %s %s", type(row).__name__, row.pk)


def _unsent_documents() -> QuerySet[DesiredDocument]:
    return (
        DesiredDocument.objects.filter(sent_version__lt=F("version"))
        .exclude(device__certificate_pem="")
        .order_by("saved_at")
    )
