"""What devices and agents may send by fault or on purpose, and what comes of it."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import cast

import msgspec
import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from cloud.devices.documents import with_version
from cloud.devices.models import DesiredDocument, RejectedInput
from cloud.link.events import keep_events, read_event
from cloud.queue import service
from cloud.queue.device_events import handle
from cloud.queue.document import push_device
from cloud.queue.line import Refused
from cloud.queue.models import Agent, Message, Queue, Visit
from cloud.screens.models import ResidentView
from device.contract import queue as contract
from device.contract import topics
from device.contract.identity import new_id
from device.contract.wire import seal
from tests.cloud.homes import Home, make_home, make_user
from tests.cloud.queue.test_desk import another_customer, at_work, join, on_screen
from tests.cloud.test_help_board import event

pytestmark = pytest.mark.postgresql


def served(home: Home, queue: Queue) -> Agent:
    """Our resident is served by this agent."""
    join(home, queue)
    agent = at_work(home.user, queue)
    service.take(agent, "v-1")
    return agent


def test_a_burst_of_messages_is_kept_whole_and_in_order(home: Home, queue: Queue) -> None:
    """The desk has all of them, the screen the newest hundred."""
    served(home, queue)
    for number in range(1, 111):
        wrote = contract.QueueMessageSent(visit_id="v-1", number=number, text=f"text {number}")
        handle(home.device, event(wrote))
    stored = list(Message.objects.order_by("number").values_list("own_number", flat=True))
    assert stored == list(range(1, 111))
    assert [each.own_number for each in on_screen(home).messages] == list(range(11, 111))


@pytest.mark.parametrize("character", ["\x01", "😀", "\u202e", "<", '"'])
def test_the_longest_messages_reach_the_screen_as_far_as_they_fit(
    home: Home, queue: Queue, character: str
) -> None:
    """Whatever they become on the wire, the newest ones are shown, and no later message is refused."""
    agent = served(home, queue)
    visit = Visit.objects.get(id="v-1")
    Message.objects.bulk_create(
        Message(
            visit=visit, number=number, author="agent", name="A" * 150, text=character * 2000,
            at=timezone.now(), key=str(number),
        )
        for number in range(1, 101)
    )  # fmt: skip
    assert service.agent_wrote(agent, "v-1", "The newest", "k")
    shown = [each.number for each in on_screen(home).messages]
    assert shown == list(range(102 - len(shown), 102))
    assert len(shown) > 40


def test_a_device_cannot_choose_its_place_nor_write_too_much(home: Home, queue: Queue) -> None:
    """What the contract does not know changes nothing; too long a text is refused, and noted."""
    another_customer(home, queue, "First")
    said = [
        {"kind": "queue-joined", "visit_id": "v-1", "queue_id": str(queue.pk), "way": "text", "place": 1},
        {"kind": "queue-message-sent", "visit_id": "v-1", "number": 1, "text": "x" * 10_000},
    ]
    for number, what in enumerate(said, 1):
        whole = event(contract.QueueOpened())
        payload = msgspec.json.decode(seal(whole, topics.EVENT.type, sent_at=timezone.now()))
        payload["id"] = new_id(timezone.now())
        payload["body"] |= {"sequence": number, "what": what}
        keep_events([read_event(home.device, msgspec.json.encode(payload))])
    assert on_screen(home).place == 2
    assert not Message.objects.exists()
    assert RejectedInput.objects.filter(device=home.device).exists()


@pytest.mark.django_db(transaction=True)
def test_of_two_agents_who_take_one_customer_at_the_same_moment_one_has_them(
    home: Home, queue: Queue
) -> None:
    """Really at once, each with a connection of its own: the other reads so, and nobody is served twice."""
    join(home, queue)
    both = [at_work(home.user, queue), at_work(make_user(home.organisation, "Bo"), queue)]
    ready = Barrier(2)

    def take(agent: Agent) -> str:
        try:
            ready.wait(10)
            return str(service.take(agent, "v-1").agent_id)
        except Refused as refused:
            return refused.reason
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        outcomes = list(pool.map(take, both))
    (winner,) = [each for each in outcomes if each != "taken"]
    assert Visit.objects.get(id="v-1").agent_id == int(winner)


@pytest.mark.requirement("Q1")
def test_of_too_many_queues_the_nearest_are_offered_and_the_settings_say_what_is_left_out(
    desk: Client, home: Home
) -> None:
    """The device gets a document that it can use, and who sets up queues is warned."""
    below = make_home("Alla", parent=home.organisation)
    Visit.objects.all().delete()
    Queue.objects.exclude(pk=below.queue.pk).delete()
    ResidentView.objects.update(queue=True, language="en")
    Queue.objects.filter(pk=below.queue.pk).update(name="Zither", languages=["en"])
    assert b"Left out" not in desk.get("/queue/queues/").content
    for number in range(contract.MOST_TOPICS + 2):
        Queue.objects.create(organisation=home.organisation, name=f"A{number:02}", languages=["en"])
    push_device(below.device)
    row = DesiredDocument.objects.get(device=below.device, name="queue")
    names = [topic.name for topic in cast(contract.QueueDocument, with_version(row)).topics]
    assert names == [f"A{number:02}" for number in range(contract.MOST_TOPICS - 1)] + ["Zither"]
    page = desk.get("/queue/queues/").content
    assert b"Left out here: 2." in page
    assert b"Left out here: 3." in page
