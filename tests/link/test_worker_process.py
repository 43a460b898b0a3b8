"""The link worker as a process that can be killed at the wrong moment."""

import signal
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connection, transaction

from cloud.devices.models import DeviceEvent
from cloud.help.models import HelpRequest
from cloud.link.leases import LEASE
from cloud.link.models import PartitionLease
from device.contract.events import HelpRaised, Started
from tests.link.broker_process import BrokerProcess
from tests.link.desk_process import DeskProcess
from tests.link.tablet import Tablet
from tests.link.waiting import eventually

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgresql]


@pytest.mark.requirement("K3")
def test_a_worker_killed_before_the_commit_loses_nothing(
    broker: BrokerProcess, tablet: Tablet, desk_command: Callable[..., DeskProcess]
) -> None:
    """Killed between receiving and committing: the device says it again, the next worker keeps it."""
    worker = desk_command("link", "--verbosity", "2")
    worker.wait_for("serves the partitions")
    before = tablet.insist(Started(version="1"))
    said = worker.said().count("Taking in 1 messages")
    with _database_is_held():
        id_ = tablet.tell(HelpRaised(help_id="help-1", source="screen"))
        eventually(lambda: worker.said().count("Taking in 1 messages") > said, "it has the event")
        worker.end(signal.SIGKILL)
    assert not DeviceEvent.objects.exclude(pk=before).exists()
    assert set(tablet.receipts()) == {before}
    desk_command("link").wait_for("serves the partitions")
    tablet.insist(HelpRaised(help_id="help-1", source="screen"), id_)
    assert DeviceEvent.objects.exclude(pk=before).count() == 1
    assert HelpRequest.objects.count() == 1


@pytest.mark.requirement("K3")
def test_what_a_killed_worker_served_is_served_by_another(
    broker: BrokerProcess, tablet: Tablet, desk_command: Callable[..., DeskProcess]
) -> None:
    """Two share the partitions; killed with help under way, one leaves nothing behind that nobody serves."""
    first = desk_command("link")
    first.wait_for("serves the partitions")
    desk_command("link")
    eventually(lambda: _shares() == [16, 16], "they share", 20)
    first.end(signal.SIGKILL)
    id_ = tablet.tell(HelpRaised(help_id="help-1", source="screen"))
    eventually(lambda: _shares() == [32], "the other one serves all", LEASE.total_seconds() + 5)
    # As a device does: it has had no receipt.
    tablet.insist(HelpRaised(help_id="help-1", source="screen"), id_)
    assert HelpRequest.objects.count() == 1


def test_a_worker_ends_when_it_is_asked_to(
    broker: BrokerProcess, desk_command: Callable[..., DeskProcess]
) -> None:
    """SIGTERM ends it in order, with status 0."""
    worker = desk_command("link")
    worker.wait_for("serves the partitions")
    assert worker.end() == 0


def test_a_worker_without_a_broker_says_so(desk_command: Callable[..., DeskProcess], authority: Any) -> None:
    """A missing setting is named in plain words."""
    worker = desk_command("link")
    assert worker.wait() == 1
    assert "KOTIRUUTU_BROKER_DESK_PORT" in worker.said()


def _shares() -> list[int]:
    """How many partitions each worker has."""
    return list(Counter(PartitionLease.objects.values_list("owner", flat=True)).values())


@contextmanager
def _database_is_held() -> Iterator[None]:
    """Nobody else can write events for a while."""
    with transaction.atomic():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("LOCK TABLE devices_deviceevent IN ACCESS EXCLUSIVE MODE")
        yield
