"""Scheduled work begins when there is something to do, and by its own clock where nobody says so."""

import asyncio
from collections.abc import Iterator
from queue import Queue
from threading import Event, Thread

import pytest
from django.test import TestCase
from django.utils import timezone

from cloud.base import due_work
from cloud.delivery import outbox
from cloud.delivery.outbox import Address, Letter
from cloud.help.models import HelpRequest
from cloud.link.events import keep_events, read_event
from cloud.notify import live_updates
from device.contract import topics
from device.contract.events import HelpRaised
from device.contract.identity import new_id
from device.contract.wire import seal
from tests.cloud.homes import Home
from tests.cloud.test_help_board import event


@pytest.fixture
def turns(db: None) -> Iterator[Queue[int]]:
    """A loop that would pause for minutes between its turns."""
    stopping, turns = Event(), Queue[int]()
    thread = Thread(
        target=due_work.repeat,
        args=(stopping, 300.0, lambda: turns.put(1)),
        kwargs={"woken_for": "test-work"},
    )
    thread.start()
    yield turns
    stopping.set()
    due_work.wake("test-work")
    thread.join(20)
    assert not thread.is_alive()


def test_a_pause_ends_when_there_is_work(turns: Queue[int]) -> None:
    """Each notification is a turn; other work's notifications are none."""
    turns.get(timeout=20)
    for _ in range(3):
        due_work.wake("other-work")
        assert turns.empty()
        due_work.wake("test-work")
        turns.get(timeout=20)


@pytest.mark.requirement("K3")
def test_help_and_messages_that_are_due_wake_their_loops(home: Home) -> None:
    """After the commit, in whichever process listens."""

    async def heard() -> list[str]:
        names = []
        subscribed = live_updates.subscribe_work()
        first = asyncio.ensure_future(anext(subscribed))
        await asyncio.sleep(0)
        await asyncio.to_thread(commit)
        names.append(await asyncio.wait_for(first, 20))
        names.append(await asyncio.wait_for(anext(subscribed), 20))
        return names

    HelpRequest.objects.all().delete()
    raised = event(HelpRaised(help_id=new_id(timezone.now()), source="button"))
    with TestCase.captureOnCommitCallbacks() as commits:
        keep_events([read_event(home.device, seal(raised, topics.EVENT.type, sent_at=raised.happened_at))])
        letter = Letter("k", "test", "Leena", "", "Hei", [Address("email", "leena@example.org")])
        outbox.put(home.organisation, letter)

    def commit() -> None:
        for each in commits:
            each()

    assert set(asyncio.run(heard())) == {"help", "delivery"}
