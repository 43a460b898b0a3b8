"""What an agent's page shows: the queues, those who wait, and the agent's own customers (Q3)."""

from dataclasses import dataclass
from datetime import timedelta
from zoneinfo import ZoneInfo

from django.utils import timezone

from cloud.organisations.models import User
from cloud.queue.agents import served_by
from cloud.queue.models import Agent, Queue, Visit
from cloud.queue.opening import is_open

MOST_SHOWN = 50


@dataclass(frozen=True)
class QueueState:
    """One queue: who works there, and who waits since when, whoever has waited longest first."""

    queue: Queue
    is_open: bool
    agents: list[Agent]
    waiting: list[Visit]
    is_mine: bool

    @property
    def shown(self) -> list[Visit]:
        """As many as a person looks through."""
        return self.waiting[:MOST_SHOWN]


def queues_for(user: User) -> "list[Queue]":
    """The queues that this user may serve: of their organisation and of those below."""
    return list(Queue.objects.visible_to(user).select_related("organisation"))


def board_of(user: User, agent: Agent | None, zone: ZoneInfo) -> dict[str, object]:
    """Everything that the page shows of the queues."""
    queues = queues_for(user)
    mine = set(agent.queues.values_list("pk", flat=True)) if agent else set()
    states = [_state(queue, zone, is_mine=queue.pk in mine) for queue in queues]
    states.sort(key=lambda state: (not state.is_mine, _waits_since(state.waiting), state.queue.name))
    served = served_by(agent) if agent else []
    waiting = sum(len(state.waiting) for state in states if state.is_mine)
    return {
        "agent": agent,
        "states": states,
        "served": served,
        "waiting_for_me": waiting,
        # A page that rings while its agent is at work with somebody helps nobody.
        "rings_for": waiting if agent and not served else 0,
        "idle": idle_visits(user),
    }


def idle_visits(user: User) -> list[Visit]:
    """Customers who were taken and then left without a word, for the team lead."""
    now, found = timezone.now(), []
    rows = Visit.objects.visible_to(user).filter(stage="served", way="text")
    for visit in rows.select_related("queue", "agent", "resident"):
        newest = visit.messages.filter(author="agent").order_by("-number").first()
        since = max(newest.at, visit.served_at) if newest and visit.served_at else visit.served_at
        if since and now - since >= timedelta(minutes=visit.queue.idle_after_min):
            found.append(visit)
    return found


def _state(queue: Queue, zone: ZoneInfo, *, is_mine: bool) -> QueueState:
    waiting = queue.visits.filter(stage="waiting").order_by("number")
    return QueueState(
        queue=queue,
        is_open=is_open(queue, zone, timezone.now()),
        agents=list(queue.agents.filter(is_signed_in=True).order_by("display_name")),
        waiting=list(waiting.select_related("resident__view", "device")),
        is_mine=is_mine,
    )


def _waits_since(waiting: list[Visit]) -> float:
    return waiting[0].joined_at.timestamp() if waiting else float("inf")
