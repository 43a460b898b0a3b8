"""Agents: signed in to queues under a display name, seen as long as their page is open (Q1, Q2)."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from cloud.organisations.models import User
from cloud.queue import line, service
from cloud.queue.models import Agent, Queue, Visit

# A write for each page that asks is too much.
SEEN_EACH = timedelta(seconds=5)


def agent_of(user: User) -> Agent | None:
    """The user as an agent, if they serve now."""
    return Agent.objects.filter(user=user, is_signed_in=True).first()


@transaction.atomic
def sign_in(user: User, display_name: str, queues: list[Queue]) -> Agent:
    """From now on customers of these queues can be served by this user."""
    now = timezone.now()
    values = {"display_name": display_name, "is_signed_in": True, "signed_in_at": now, "seen_at": now}
    agent, _ = Agent.objects.update_or_create(user=user, defaults=values)
    agent.queues.set(queues)
    for queue in queues:
        service.announce(queue)
    return agent


@transaction.atomic
def sign_out(agent: Agent) -> list[Visit]:
    """Sign out, or return the open customers who stand in the way (Q2)."""
    blocking = list(served_by(agent))
    if not blocking:
        _off(agent)
    return blocking


def served_by(agent: Agent) -> "list[Visit]":
    """The customers of this agent, in the order in which they were taken."""
    rows = Visit.objects.filter(agent=agent, stage="served")
    return list(
        rows.select_related("resident__view", "contact", "queue", "device").order_by("served_at", "number")
    )


def agents_at_work(queues: Iterable[Queue]) -> dict[int, list[Agent]]:
    """Those who are signed in, by queue and name, with one question to the database."""
    found: dict[int, list[Agent]] = defaultdict(list)
    rows = Agent.queues.through.objects.filter(queue__in=queues, agent__is_signed_in=True)
    for row in rows.select_related("agent").order_by("agent__display_name"):
        found[row.queue_id].append(row.agent)
    return found


def seen(agent: Agent) -> None:
    """The agent's page is open."""
    now = timezone.now()
    if agent.seen_at is None or abs(now - agent.seen_at) >= SEEN_EACH:
        Agent.objects.filter(pk=agent.pk).update(seen_at=now)


def sign_out_silent() -> int:
    """End the service of agents whose page has died; their customers wait again in their places."""
    oldest = timezone.now() - timedelta(seconds=line.AGENT_GONE_S)
    gone = list(Agent.objects.filter(is_signed_in=True, seen_at__lt=oldest))
    for agent in gone:
        with transaction.atomic():
            service.release_all(agent)
            _off(agent)
    return len(gone)


def _off(agent: Agent) -> None:
    Agent.objects.filter(pk=agent.pk).update(is_signed_in=False)
    for queue in agent.queues.select_related("organisation"):
        service.announce(queue)
