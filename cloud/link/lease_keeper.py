"""Keeps one worker's partition leases in the database, by the database's clock."""

import logging
import threading
import uuid
from collections.abc import Callable

from django.db import connection
from django.db.models import F, QuerySet
from django.db.models.functions import Now

from cloud.base.sqlite.base import writing
from cloud.link.ingest import NoDatabase
from cloud.link.leases import LEASE, Lease, plan
from cloud.link.models import LinkWorker, PartitionLease
from device.contract.topics import PARTITIONS

log = logging.getLogger(__name__)

RENEW_S = 3.0


class LeaseKeeper:
    """Renews on a thread of its own, and reports the partitions whenever they change."""

    def __init__(self, changed: Callable[[str], None]) -> None:
        self.name = uuid.uuid4().hex
        self._changed = changed
        self._ours = ""
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="leases", daemon=True)

    def start(self) -> None:
        """Start the thread that claims partitions."""
        self._thread.start()

    @property
    def is_alive(self) -> bool:
        """Return whether its thread runs."""
        return self._thread.is_alive()

    def stop(self) -> None:
        """Release all leases, so that others need not wait."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join(LEASE.total_seconds())

    def _run(self) -> None:
        try:
            while not self._stopping.is_set():
                self._renew()
                self._stopping.wait(RENEW_S)
            give_back(self.name)
        except NoDatabase as error:
            log.error("The leases run out by themselves: %s", error)  # noqa: TRY400
        finally:
            connection.close()

    def _renew(self) -> None:
        try:
            ours = renew(self.name)
        except Exception:
            # It continues: two workers are harmless, as each event is stored once; none is not.
            log.exception("The leases could not be renewed")
            connection.close()
            return
        if ours != self._ours:
            log.info("This worker serves the partitions %s", ours or "of nobody")
            self._ours = ours
            self._changed(ours)


def renew(worker: str) -> str:
    """Renew, claim and release; return the worker's current partitions."""
    # Before the lanes of this worker: on SQLite a lane that writes a lot would leave no gap for it.
    with writing(first=True):
        LinkWorker.objects.update_or_create(name=worker, defaults={"seen_at": Now()})
        now = LinkWorker.objects.get(name=worker).seen_at
        LinkWorker.objects.filter(seen_at__lt=now - LEASE).delete()
        leased = _rows()
        leases = [
            Lease(row.partition, row.owner, row.epoch, row.expires_at)
            for row in leased.select_for_update().order_by("partition")
        ]
        decided = plan(worker, leases, LinkWorker.objects.count(), now)
        leased.filter(partition__in=decided.keep).update(expires_at=now + LEASE)
        claimed = leased.filter(partition__in=decided.claim)
        claimed.update(owner=worker, epoch=F("epoch") + 1, expires_at=now + LEASE)
        leased.filter(partition__in=decided.release).update(owner="", expires_at=None)
    return "".join(sorted(decided.keep + decided.claim))


def give_back(worker: str) -> None:
    """Release all leases of a worker that stops."""
    with writing(first=True):
        PartitionLease.objects.filter(owner=worker).update(owner="", expires_at=None)
        LinkWorker.objects.filter(name=worker).delete()


def _rows() -> QuerySet[PartitionLease]:
    if PartitionLease.objects.count() < len(PARTITIONS):
        rows = [PartitionLease(partition=each) for each in PARTITIONS]
        PartitionLease.objects.bulk_create(rows, ignore_conflicts=True)
    return PartitionLease.objects.all()
