"""Agents: signed in to queues under a display name, present as long as their page is open (Q1, Q2)."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from cloud.organisations.models import User
from cloud.queue import line, service
from cloud.queue.models import Agent, Queue, Visit

# The minimum interval of writes: pages poll more often.
SEEN_EACH = timedelta(seconds=10)


def agent_of(user: User) -> Agent | None:
    """Return the user as an agent, if they are signed in."""
    return Agent.objects.filter(user=user, is_signed_in=True).first()


@transaction.atomic
def sign_in(user: User, display_name: str, queues: list[Queue]) -> Agent:
    """Sign in to these queues."""
    now = timezone.now()
    values = {"display_name": display_name, "is_signed_in": True, "signed_in_at": now, "seen_at": now}
    agent, _ = Agent.objects.update_or_create(user=user, defaults=values)
    agent.queues.set(queues)
    for queue in queues:
        service.announce(queue)
    return agent


@transaction.atomic
def sign_out(agent: Agent) -> list[Visit]:
    """Sign out, or return the open customers that prevent it (Q2)."""
    blocking = list(served_by(agent))
    if not blocking:
        _off(agent)
    return blocking


def served_by(agent: Agent) -> "list[Visit]":
    """Return the agent's customers in the order in which they were taken."""
    rows = Visit.objects.filter(agent=agent, stage="served")
    return list(
        rows.select_related("resident__view", "contact", "queue", "device").order_by("served_at", "number")
    )


def agents_at_work(queues: Iterable[Queue]) -> dict[int, list[str]]:
    """Return the names of signed-in agents by queue, with one query."""
    found: dict[int, list[str]] = defaultdict(list)
    rows = Agent.queues.through.objects.filter(queue__in=queues, agent__is_signed_in=True)
    for queue, name in rows.order_by("agent__display_name").values_list("queue", "agent__display_name"):
        found[queue].append(name)
    return found


def seen(agent: Agent) -> None:
    """Record that the agent's page is open."""
    now = timezone.now()
    if agent.seen_at is None or abs(now - agent.seen_at) >= SEEN_EACH:
        Agent.objects.filter(pk=agent.pk).update(seen_at=now)


def sign_out_silent(now: datetime) -> int:
    """Sign out agents whose page is gone; their customers wait again in their places.

    A page that was seen in the future, by a clock that has been set back, has not been seen since.
    """
    longest = timedelta(seconds=line.AGENT_GONE_S)
    is_gone = Q(seen_at__lt=now - longest) | Q(seen_at__gt=now + longest)
    gone = list(Agent.objects.filter(is_gone, is_signed_in=True))
    for agent in gone:
        with transaction.atomic():
            service.release_all(agent)
            _off(agent)
    return len(gone)


def _off(agent: Agent) -> None:
    Agent.objects.filter(pk=agent.pk).update(is_signed_in=False)
    for queue in agent.queues.select_related("organisation"):
        service.announce(queue)
