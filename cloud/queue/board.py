"""The content of an agent's page: queues, waiting customers, and the agent's own (Q3)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Max, Q
from django.utils import timezone

from cloud.organisations.models import User
from cloud.queue import service
from cloud.queue.agents import agents_at_work, served_by
from cloud.queue.models import Agent, Queue, Visit
from cloud.queue.opening import is_open

MOST_SHOWN = 50


@dataclass(frozen=True)
class QueueState:
    """One queue with its agents and waiting customers, the longest wait first."""

    queue: Queue
    is_open: bool
    agents: list[Agent]
    waiting: list[Visit]
    is_mine: bool

    @property
    def shown(self) -> list[Visit]:
        """Return as many visits as are shown."""
        return self.waiting[:MOST_SHOWN]


def queues_for(user: User) -> "list[Queue]":
    """Return the queues that this user may serve."""
    return list(Queue.objects.visible_to(user).select_related("organisation"))


def board_of(user: User, agent: Agent | None, zone: ZoneInfo, queues: list[Queue]) -> dict[str, object]:
    """Return the context of the page with these queues."""
    states = _states(queues, agent, zone)
    states.sort(key=lambda state: (not state.is_mine, _waits_since(state.waiting), state.queue.name))
    served = served_by(agent) if agent else []
    lines = [visit for state in states if state.is_mine for visit in state.waiting]
    waiting = len(lines)
    return {
        "agent": agent,
        "states": states,
        "served": served,
        "promised": [visit for visit in lines if visit.call_back == "accepted"],
        "waiting_for_me": waiting,
        # Ringing while the agent serves somebody would help nobody.
        "rings_for": waiting if agent and not served else 0,
        "idle": idle_visits(user),
    }


def idle_visits(user: User) -> list[Visit]:
    """Return customers who were taken but not written to, for the team lead."""
    now = timezone.now()
    rows = Visit.objects.visible_to(user).filter(stage="served", way="text").exclude(served_at=None)
    newest = Max("messages__at", filter=Q(messages__author="agent"))
    served = rows.annotate(newest=newest).select_related("queue", "agent", "resident", "contact")
    return [
        visit for visit in served if now - _last_word(visit) >= timedelta(minutes=visit.queue.idle_after_min)
    ]


def _last_word(visit: Any) -> datetime:
    at: datetime = max(visit.newest, visit.served_at) if visit.newest else visit.served_at
    return at


def _states(queues: list[Queue], agent: Agent | None, zone: ZoneInfo) -> list[QueueState]:
    """Return all queues with three queries in total."""
    mine = set(agent.queues.values_list("pk", flat=True)) if agent else set()
    at_work, waiting = agents_at_work(queues), service.waiting_in(queues)
    return [
        QueueState(
            queue=queue,
            is_open=is_open(queue, zone, timezone.now()),
            agents=at_work[queue.pk],
            waiting=waiting[queue.pk],
            is_mine=queue.pk in mine,
        )
        for queue in queues
    ]


def _waits_since(waiting: list[Visit]) -> float:
    return waiting[0].joined_at.timestamp() if waiting else float("inf")
