"""Hints between the desk's processes: quick when they arrive, unnoticed when they do not."""

import asyncio
import contextlib
import time
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from django.db import connection, transaction

from cloud.devices import documents
from cloud.link import outgoing_lane
from cloud.link.worker import Worker
from cloud.notify import live_updates
from cloud.notify.changes import MOST_ROWS
from cloud.notify.hub import Hub
from cloud.organisations.models import Organisation, User
from cloud.organisations.roles import Role
from cloud.people.models import Resident
from device.contract import topics
from tests.link.broker_process import BrokerProcess
from tests.link.tablet import Identity, Tablet
from tests.link.waiting import eventually

Heard = Callable[[], Awaitable[str]]
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgresql]


@pytest.fixture
def nurse(organisation: Organisation) -> User:
    """Somebody of the care home."""
    anna = User.objects.create(username="anna", organisation=organisation)
    anna.give([Role.NURSE], organisation)
    return anna


def test_a_page_hears_of_a_change_at_once(authority: Any, nurse: User, organisation: Organisation) -> None:
    """Also of one in an organisation below its own."""
    below = Organisation.objects.create(name="Second floor", parent=organisation)

    async def page(heard: Heard) -> None:
        await _tell(organisation, live_updates.HELP)
        assert await heard() == "help"
        await _tell(below, live_updates.DEVICE)
        assert await heard() == "device"

    _on_a_page(nurse, page, at_most_s=2)


def test_a_hint_says_which_row_has_changed(authority: Any, nurse: User, organisation: Organisation) -> None:
    """Only pages that show the row have to ask again; a change of the whole list says nothing of rows."""

    async def page(heard: Heard) -> None:
        await _tell(organisation, live_updates.DEVICE, "k1")
        assert await heard() == "device k1"
        await _tell(organisation, live_updates.DEVICE)
        assert await heard() == "device"
        await _elsewhere(lambda: live_updates.here().tell_changed(organisation.path, "device", "k1", "k2"))
        assert await heard() == "device k1 k2"

    _on_a_page(nurse, page, at_most_s=2)


def test_changes_of_one_transaction_are_one_hint(
    authority: Any, nurse: User, organisation: Organisation, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It names each row once; where the whole list has changed, or very much of it, it names none."""
    hints: list[tuple[str, ...]] = []
    monkeypatch.setattr(Hub, "tell_changed", lambda _hub, _path, *change: hints.append(change))

    def change(*rows: str) -> None:
        with transaction.atomic(), live_updates.together():
            for row in rows:
                live_updates.changed(organisation, live_updates.DEVICE, row)

    change("k1", "k2", "k1")
    change("k1", "", "k2")
    change(*map(str, range(MOST_ROWS + 1)))
    assert hints == [("device", "k1", "k2"), ("device",), ("device",)]


@pytest.mark.requirement("V27")
def test_a_page_hears_nothing_of_other_organisations(
    authority: Any, nurse: User, organisation: Organisation
) -> None:
    """Neither of one beside its own nor of the one above."""
    above = Organisation.objects.create(name="City")
    beside = Organisation.objects.create(name="Another home", parent=above)

    async def page(heard: Heard) -> None:
        await _tell(above, live_updates.HELP)
        await _tell(beside, live_updates.HELP)
        await _tell(organisation, live_updates.DEVICE)
        assert await heard() == "device"

    _on_a_page(nurse, page, at_most_s=2)


def test_a_hint_waits_for_the_commit(authority: Any, nurse: User, organisation: Organisation) -> None:
    """Nothing is sent before the commit, which may still fail."""

    def undo() -> None:
        with transaction.atomic():
            live_updates.changed(organisation, live_updates.HELP)
            transaction.set_rollback(True)

    async def page(heard: Heard) -> None:
        await _elsewhere(undo)
        await _tell(organisation, live_updates.DEVICE)
        assert await heard() == "device"

    _on_a_page(nurse, page, at_most_s=5)


def test_when_hints_are_lost_a_page_looks_by_itself(
    authority: Any, nurse: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is urgent comes up again and again, notified or not; lists of devices have their own clock."""
    monkeypatch.setattr(live_updates, "POLL_S", 0.01)

    async def page(heard: Heard) -> None:
        assert {await heard() for _ in range(2 * len(live_updates.POLLED))} == set(live_updates.POLLED)

    _on_a_page(nurse, page, at_most_s=2)


def test_hints_reach_other_processes(broker: BrokerProcess, nurse: User, organisation: Organisation) -> None:
    """Over the broker, as soon as both have found it."""
    other = Hub()
    other.tell_changed(organisation.path, live_updates.HELP)

    async def page(heard: Heard) -> None:
        for _ in range(100):
            other.tell_changed(organisation.path, live_updates.HELP)
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(0.05):
                    assert await heard() == "help"
                    return

    try:
        _on_a_page(nurse, page, at_most_s=4.5)
    finally:
        other.close()


def test_a_broker_that_is_away_holds_nobody_up(
    broker: BrokerProcess, nurse: User, organisation: Organisation, enrolled_device: Identity
) -> None:
    """Saving and looking go on without it, at once."""
    broker.stop()
    began = time.monotonic()
    for _ in range(200):
        live_updates.changed(organisation, live_updates.HELP)
        live_updates.wake(enrolled_device.id)
    assert time.monotonic() - began < 1

    async def page(heard: Heard) -> None:
        await _tell(organisation, live_updates.HELP)
        assert await heard() == "help"

    _on_a_page(nurse, page, at_most_s=2)


def test_open_pages_do_not_hold_up_the_end(authority: Any, nurse: User) -> None:
    """When the process stops, every stream ends by itself."""

    async def page(heard: Heard) -> None:
        live_updates.close()
        assert await heard() == "ended"

    _on_a_page(nurse, page, at_most_s=2)


@pytest.mark.requirement("V2")
def test_a_save_is_with_the_device_at_once(worker: Worker, tablet: Tablet, resident: Resident) -> None:
    """From the save to the device in far less than the worker's own poll."""
    eventually(lambda: tablet.envelopes(topics.DESIRED["policy"]), "the first documents are out")
    eventually(lambda: live_updates.here().is_connected, "changes reach other processes")
    began = time.monotonic()
    _save(resident)
    tablet.hear(topics.DESIRED["view"], lambda each: b'"version":2' in bytes(each.body))
    assert time.monotonic() - began < outgoing_lane.POLL_S / 2


@pytest.mark.requirement("V2")
def test_a_save_arrives_also_without_a_hint(
    worker: Worker, tablet: Tablet, resident: Resident, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The worker looks by itself every few seconds."""
    monkeypatch.setattr(outgoing_lane, "POLL_S", 0.2)
    monkeypatch.setattr(live_updates, "wake", lambda _device: None)
    eventually(lambda: tablet.envelopes(topics.DESIRED["policy"]), "the first documents are out")
    _save(resident)
    tablet.hear(topics.DESIRED["view"], lambda each: b'"version":2' in bytes(each.body))


def _save(resident: Resident) -> None:
    resident.view.cafe = False
    resident.view.save()
    documents.refresh_resident(resident)


def _on_a_page(user: User, page: Callable[[Heard], Awaitable[None]], *, at_most_s: float) -> None:
    """Run ``page`` with the notifications of an open page of this user."""
    asyncio.run(_open_page(User.objects.select_related("organisation").get(pk=user.pk), page, at_most_s))


async def _open_page(user: User, page: Callable[[Heard], Awaitable[None]], at_most_s: float) -> None:
    heard: asyncio.Queue[str] = asyncio.Queue()

    async def listen() -> None:
        async for change in live_updates.subscribe(user):
            heard.put_nowait(" ".join((change.subject, *change.rows)))
        heard.put_nowait("ended")

    listening = asyncio.ensure_future(listen())
    await asyncio.to_thread(eventually, lambda: live_updates.here().is_waited_for, "the page listens")
    async with asyncio.timeout(at_most_s):
        assert await heard.get() == "device", "a device may have changed since the page was drawn"
        await page(heard.get)
    listening.cancel()
    await asyncio.gather(listening, return_exceptions=True)


async def _elsewhere(job: Callable[[], None]) -> None:
    """As a view does it: in a thread with a database connection of its own."""

    def run() -> None:
        try:
            job()
        finally:
            connection.close()

    await asyncio.get_running_loop().run_in_executor(None, run)


async def _tell(organisation: Organisation, subject: str, row: str = "") -> None:
    await _elsewhere(lambda: live_updates.changed(organisation, subject, row))
