"""A conversation between the device's rules and the desk's database, over a link that loses and repeats."""

from collections import deque
from collections.abc import Callable
from itertools import count

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cloud.devices.documents import with_version
from cloud.devices.models import DesiredDocument
from cloud.link.events import keep_events, read_event
from cloud.queue import service
from cloud.queue.models import Agent, Queue, Visit
from device.contract import topics
from device.contract.documents import Elements, View
from device.contract.events import WireEvent
from device.contract.identity import new_id
from device.contract.queue import QueueDocument, QueueMessageSent
from device.contract.wire import seal
from device.rules.begin import begin
from device.rules.effects import Record
from device.rules.events import DocumentArrived, Intended, LinkChanged
from device.window_protocol.intents import OpenPage, SendReply
from device.window_protocol.model import ChatPage
from tests.cloud.homes import Home
from tests.cloud.queue.test_desk import at_work, join
from tests.device.story import Story
from tests.examples import examples

pytestmark = pytest.mark.postgresql

STEPS = (
    "customer writes",
    "agent writes",
    "agent's page repeats",
    "event arrives",
    "event arrives, its receipt is lost",
    "document arrives",
    "older document arrives",
    "device restarts",
)
_sequences = count(1)


class Conversation:
    """Both ends, and what is on its way between them."""

    def __init__(self, home: Home, agent: Agent, visit: Visit) -> None:
        self.home, self.agent, self.visit = home, agent, visit
        self.by_customer: list[str] = []
        self.by_agent: list[str] = []
        self.outbox: deque[bytes] = deque()
        self.documents: list[QueueDocument] = []
        self.story = Story.of_aino(View(version=1, elements=Elements(queue=True), language="en"))
        self.story.wall = timezone.now()
        self.story.tell(LinkChanged(connected=True, reason=""))
        self.document_arrives()
        self.story.tell(Intended(intent=OpenPage("queue")))
        self.steps: dict[str, Callable[[], None]] = dict(
            zip(
                STEPS,
                (
                    self.customer_writes,
                    self.agent_writes,
                    self.agent_repeats,
                    self.event_arrives,
                    lambda: self.event_arrives(is_receipted=False),
                    self.document_arrives,
                    self.older_document_arrives,
                    self.device_restarts,
                ),
                strict=True,
            )
        )

    def customer_writes(self) -> None:
        """Touch a quick reply; the event is in the outbox, which survives all restarts."""
        text = f"customer {len(self.by_customer)}"
        asked = self.story.tell(Intended(intent=SendReply(text)))
        (sent,) = (each.what for each in asked if isinstance(each, Record))
        assert isinstance(sent, QueueMessageSent)
        self.by_customer.append(text)
        body = WireEvent(
            sequence=next(_sequences), boot_id="b", monotonic_s=1.0, happened_at=self.story.wall,
            clock_trusted=True, what=sent,
        )  # fmt: skip
        self.outbox.append(seal(body, topics.EVENT.type, sent_at=self.story.wall, id_=new_id(timezone.now())))

    def agent_writes(self) -> None:
        """The desk stores it under the page's key."""
        self.by_agent.append(f"agent {len(self.by_agent)}")
        self.agent_repeats()

    def agent_repeats(self) -> None:
        """The page got no answer, and sends its last message again."""
        if self.by_agent:
            service.agent_wrote(self.agent, self.visit.id, self.by_agent[-1], f"key {len(self.by_agent)}")

    def event_arrives(self, *, is_receipted: bool = True) -> None:
        """The link commits the oldest event; without its receipt the device sends it again."""
        if self.outbox:
            keep_events([read_event(self.home.device, self.outbox[0])])
            if is_receipted:
                self.outbox.popleft()

    def document_arrives(self) -> None:
        """The desk's newest document, whichever were missed before it."""
        stored = with_version(DesiredDocument.objects.get(device=self.home.device, name="queue"))
        assert isinstance(stored, QueueDocument)
        self.documents.append(stored)
        self.story.tell(DocumentArrived(name="queue", document=stored))

    def older_document_arrives(self) -> None:
        """One that was repeated, and overtaken."""
        self.story.tell(DocumentArrived(name="queue", document=self.documents[len(self.documents) // 2]))

    def device_restarts(self) -> None:
        """Killed; what was saved is there again."""
        self.story = Story(begin(self.story.state), wall=self.story.wall)
        self.story.tell(LinkChanged(connected=True, reason=""), Intended(intent=OpenPage("queue")))

    def on_screen(self) -> list[str]:
        """The bubbles that the resident sees."""
        page = self.story.screen().page
        assert isinstance(page, ChatPage)
        return [bubble.text for bubble in page.bubbles]


def of(author: str, texts: list[str]) -> list[str]:
    """Those by one of the two."""
    return [text for text in texts if text.startswith(author)]


@pytest.mark.requirement("Q4", "Q9", "Q10")
@settings(
    max_examples=examples(25),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(steps=st.lists(st.sampled_from(STEPS), max_size=20))
def test_no_message_is_lost_doubled_or_out_of_order(home: Home, queue: Queue, steps: list[str]) -> None:
    """The screen always shows what the resident wrote, once and in order; in the end both ends agree."""
    with transaction.atomic():
        join(home, queue)
        agent = at_work(home.user, queue)
        conversation = Conversation(home, agent, service.take(agent, "v-1"))
        for step in steps:
            conversation.steps[step]()
            seen = conversation.on_screen()
            assert of("customer", seen) == conversation.by_customer
            by_agent = of("agent", seen)
            assert by_agent == conversation.by_agent[: len(by_agent)]
        while conversation.outbox:
            conversation.event_arrives()
        conversation.document_arrives()
        stored = list(conversation.visit.messages.order_by("number").values_list("text", flat=True))
        assert conversation.on_screen() == stored
        assert of("customer", stored) == conversation.by_customer
        assert of("agent", stored) == conversation.by_agent
        transaction.set_rollback(True)
