"""Sends documents and commands from the database to online devices until they are confirmed.

The broker stores nothing for an offline device: when it comes online it reports what it has, and the rest is
sent.
"""

import logging
import math
import time
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, TypeVar
from uuid import UUID

from django.db.models import F, Q, QuerySet, Value
from django.db.models.functions import Left
from django.utils import timezone

from cloud.devices import commands
from cloud.devices.documents import with_version
from cloud.devices.models import DesiredDocument, Device, DeviceCommand
from cloud.link.ingest import NoDatabase
from cloud.notify import live_updates
from cloud.notify.session import Session
from device.contract import topics
from device.contract.vital import RollCall
from device.contract.wire import seal

log = logging.getLogger(__name__)
Row = TypeVar("Row", DesiredDocument, DeviceCommand)
Key = tuple[int | UUID, int]

PAGE = 200
FIRST_AGAIN_S, LAST_AGAIN_S = 2.0, 30.0
# A device confirms a document within a second; a larger one takes longer to draw.
DOCUMENT_AGAIN_S = 5.0


@dataclass
class _Again:
    """The next retry; its delay doubles."""

    due: float
    wait_s: float


@dataclass
class Outgoing:
    """Publishes for devices of the current partitions.

    Used by one thread; ``call_the_roll`` and ``silence`` by any.
    """

    session: Session
    broker: str
    partitions: str = ""
    _again: dict[Key, _Again] = field(default_factory=dict)
    _sent_commands: dict[int, UUID] = field(default_factory=dict)

    def publish_due(self, devices: Collection[str] | None = None) -> None:
        """Query the database, for these devices or for all, and publish what is due."""
        if not self.session.is_connected:
            return
        known: set[Key] = set()
        for keys in _pages(self._ours(self._due_documents(), devices)):
            known.update(keys)
            for document in self._due_documents().filter(pk__in=self._due(keys)):
                _alone(self._publish_document, document)
        for keys in _pages(self._ours(self._due_commands(), devices)):
            known.update(keys)
            for command in self._due_commands().filter(pk__in=self._due(keys)):
                _alone(self._publish_command, command)
        if devices is None:
            self._again = {key: again for key, again in self._again.items() if key in known}

    def call_the_roll(self, but: Collection[str]) -> None:
        """Ask every device, except those received recently, to report its presence."""
        ours = self._ours(Device.objects.exclude(certificate_pem=""), None, "pk")
        for device in ours.values_list("pk", flat=True).iterator(PAGE):
            if device not in but:
                payload = seal(RollCall(), topics.ROLL_CALL.type, sent_at=timezone.now())
                self.session.publish(topics.topic(device, topics.ROLL_CALL), payload, qos=0)

    def expire_commands(self) -> None:
        """Close commands that have expired."""
        over = self._ours(DeviceCommand.objects.filter(final=False, expires_at__lte=timezone.now()), None)
        for command in over.select_related("device__organisation")[:PAGE]:
            commands.close(command, "expired")
            live_updates.changed(command.device.organisation, live_updates.DEVICE, command.device_id)

    def sent(self, mid: int) -> None:
        """Record that the broker has accepted one message."""
        if pk := self._sent_commands.pop(mid, None):
            DeviceCommand.objects.filter(pk=pk, sent_at=None).update(sent_at=timezone.now())

    def silence(self, longest: timedelta) -> None:
        """Mark devices as offline that sent nothing for this long, whatever the broker says."""
        silent = Device.objects.filter(online=True, broker=self.broker, heard_at__lt=timezone.now() - longest)
        for device in self._ours(silent, None, "pk").select_related("organisation"):
            Device.objects.filter(pk=device.pk, heard_at=device.heard_at).update(online=False)
            live_updates.changed(device.organisation, live_updates.DEVICE, device.pk)

    def forget_asked(self) -> None:
        """Forget messages in flight: the connection was lost."""
        self._again.clear()
        self._sent_commands.clear()

    def make_due(self, devices: Collection[str]) -> None:
        """Make messages to these devices due at once: they are back online."""
        for rows in (self._due_documents(), self._due_commands()):
            for keys in _pages(rows.filter(device__in=devices)):
                for key in keys:
                    self._again.pop(key, None)

    def seconds_until_due(self, most: float) -> float:
        """Return the seconds until something is due, at most ``most``."""
        soonest = min((again.due for again in self._again.values()), default=math.inf)
        return max(0.05, min(most, soonest - time.monotonic()))

    def _publish_document(self, document: DesiredDocument) -> None:
        channel = topics.DESIRED[document.name]  # type: ignore[index]
        payload = seal(with_version(document), channel.type, sent_at=document.saved_at)
        key = document.pk, document.version
        if self.session.publish(topics.topic(document.device_id, channel), payload, qos=1) is not None:
            self._ask_again(key, DOCUMENT_AGAIN_S)

    def _publish_command(self, command: DeviceCommand) -> None:
        # Once it is partly answered, only the final answer is requested.
        self._ask_again((command.pk, 0), LAST_AGAIN_S if command.stage else FIRST_AGAIN_S)
        left_s = (command.expires_at - timezone.now()) / timedelta(seconds=1)
        topic, payload = topics.topic(command.device_id, topics.COMMAND), commands.envelope(command)
        mid = self.session.publish(topic, payload, qos=1, expiry_s=max(1, math.ceil(left_s)))
        if mid is not None and command.sent_at is None:
            self._sent_commands[mid] = command.pk

    def _ask_again(self, key: Key, first_s: float) -> None:
        before = self._again.get(key)
        wait_s = min(before.wait_s * 2, LAST_AGAIN_S) if before else first_s
        self._again[key] = _Again(time.monotonic() + wait_s, wait_s)

    def _due(self, keys: Iterable[Key]) -> list[int | UUID]:
        now = time.monotonic()
        return [key[0] for key in keys if key not in self._again or self._again[key].due <= now]

    def _due_documents(self) -> QuerySet[Any]:
        """Return documents newer than those of the online devices at this broker, unless rejected."""
        there = DesiredDocument.objects.filter(device__online=True, device__broker=self.broker)
        wanted = Q(rejected_version=None) | Q(rejected_version__lt=F("version"))
        newer = there.filter(wanted, received_version__lt=F("version"))
        return newer.exclude(device__certificate_pem="").annotate(number=F("version"))

    def _due_commands(self) -> QuerySet[Any]:
        """Return open commands of online devices; offline ones get each once, in case they are online."""
        ours = commands.unanswered().filter(device__broker=self.broker)
        return ours.filter(Q(device__online=True) | Q(sent_at=None)).annotate(number=Value(0))

    def _ours(self, rows: QuerySet[Any], devices: Collection[str] | None, name: str = "device_id") -> Any:
        if devices is not None:
            return rows.filter(**{f"{name}__in": devices})
        if self.partitions == topics.PARTITIONS:
            return rows
        return rows.annotate(share=Left(name, 1)).filter(share__in=list(self.partitions))


def _alone(publish: Callable[[Row], None], row: Row) -> None:
    """Send one row; a failure, for example after an upgrade, does not block the others."""
    try:
        publish(row)
    except NoDatabase:
        raise
    except Exception:
        log.exception("Something for a device cannot be sent: %s %s", type(row).__name__, row.pk)


def _pages(rows: QuerySet[Any]) -> Iterator[list[Key]]:
    """Yield the due rows in pages, by key and number."""
    ordered, last = rows.order_by("pk").values_list("pk", "number"), None
    while page := list((ordered.filter(pk__gt=last) if last else ordered)[:PAGE]):
        yield page
        last = page[-1][0]
