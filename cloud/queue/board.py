"""The content of an agent's page: queues, waiting customers, and the agent's own (Q3).

Many agents look at the same queues, and each change is news for all: a queue is drawn once for all who see it
alike, and again as soon as anything in it differs.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from django.core.cache import cache
from django.db.models import F, Max, Q
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.safestring import SafeString

from cloud.base.shared_work import shared
from cloud.organisations.models import User
from cloud.organisations.request import DeskRequest
from cloud.queue.agents import agents_at_work, served_by
from cloud.queue.models import Agent, Queue, Visit
from cloud.queue.opening import is_open

MOST_SHOWN = 50
# A customer who is renamed is shown so after this long.
DRAWN_FOR_S = 20
# No queue shows its agents' silence earlier.
LEAST_IDLE = timedelta(minutes=1)
_RELATED = ("resident__view", "contact", "device")


class Waiting(NamedTuple):
    """What a waiting customer's row shows, but the name."""

    number: int
    joined_at: datetime
    way: str
    call_back: str
    is_released: bool
    away_since: datetime | None
    customer: int | None


@dataclass(frozen=True)
class QueueState:
    """One queue with its agents and waiting customers, the longest wait first."""

    queue: Queue
    is_open: bool
    agents: list[str]
    waiting: list[Waiting]
    is_mine: bool

    def key(self, *, has_agent: bool) -> str:
        """Return a name for what it looks like to somebody at work, or not, in the current language."""
        looks = (self.queue.pk, self.queue.name, self.is_open, self.agents, self.waiting, self.is_mine)
        seen = (*looks, has_agent, translation.get_language(), timezone.localdate())
        return f"queue-line-{sha256(repr(seen).encode()).hexdigest()}"


def queues_for(user: User) -> "list[Queue]":
    """Return the queues that this user may serve."""
    return list(Queue.objects.visible_to(user).select_related("organisation"))


class Lines(NamedTuple):
    """What all agents see who may serve the same queues."""

    queues: list[Queue]
    at_work: dict[int, list[str]]
    waiting: dict[int, list[Waiting]]
    idle: list[Visit]


def lines_for(request: DeskRequest) -> Lines:
    """Return the queues that this user may serve, read once for all who ask at one moment."""
    user = request.user
    return shared(request, ("queue:lines", user.paths), lambda: _lines(user))


def _lines(user: User) -> Lines:
    queues = queues_for(user)
    return Lines(queues, agents_at_work(queues), _waiting_in(user, queues), idle_visits(user))


def board_of(user: User, agent: Agent | None, zone: ZoneInfo, lines: Lines) -> dict[str, object]:
    """Return the context of the page with these queues."""
    states = _states(lines, agent, zone)
    states.sort(key=lambda state: (not state.is_mine, _waits_since(state.waiting), state.queue.name))
    served = served_by(agent) if agent else []
    mine = [each for state in states if state.is_mine for each in state.waiting]
    return {
        "agent": agent,
        "lines": _drawn(user, states, has_agent=agent is not None),
        "served": served,
        "promised": _promised(user, mine),
        "waiting_for_me": len(mine),
        # Ringing while the agent serves somebody would help nobody.
        "rings_for": len(mine) if agent and not served else 0,
        "idle": lines.idle,
    }


def idle_visits(user: User) -> list[Visit]:
    """Return customers who were taken but neither written to nor called, for the team lead."""
    now = timezone.now()
    rows = Visit.objects.visible_to(user).filter(stage="served", served_at__lte=now - LEAST_IDLE)
    # Once called, a customer on video is not written to.
    rows = rows.exclude(way="video", called_at__gte=F("served_at"))
    newest = Max("messages__at", filter=Q(messages__author="agent"))
    served = rows.annotate(newest=newest).select_related("queue", "agent", "resident", "contact")
    return [
        visit for visit in served if now - _last_word(visit) >= timedelta(minutes=visit.queue.idle_after_min)
    ]


def _last_word(visit: Any) -> datetime:
    at: datetime = max(visit.newest, visit.served_at) if visit.newest else visit.served_at
    return at


def _states(lines: Lines, agent: Agent | None, zone: ZoneInfo) -> list[QueueState]:
    mine = set(agent.queues.values_list("pk", flat=True)) if agent else set()
    return [
        QueueState(
            queue=queue,
            is_open=is_open(queue, zone, timezone.now()),
            agents=lines.at_work.get(queue.pk, []),
            waiting=lines.waiting.get(queue.pk, []),
            is_mine=queue.pk in mine,
        )
        for queue in lines.queues
    ]


def _waiting_in(user: User, queues: Iterable[Queue]) -> dict[int, list[Waiting]]:
    """Return who waits in each queue, the longest wait first, with one query."""
    found: dict[int, list[Waiting]] = defaultdict(list)
    rows = Visit.objects.visible_to(user).filter(queue__in=queues, stage="waiting").order_by("number")
    for queue, resident, contact, *seen in rows.values_list(
        "queue", "resident", "contact", *Waiting._fields[:-1]
    ):
        found[queue].append(Waiting._make([*seen, resident or contact]))
    return found


def _drawn(user: User, states: list[QueueState], *, has_agent: bool) -> list[SafeString]:
    """Return each queue as HTML; rows are read only of those that nobody has seen so yet."""
    keys = {state.queue.pk: state.key(has_agent=has_agent) for state in states}
    known = cache.get_many(keys.values())
    new = [state for state in states if keys[state.queue.pk] not in known]
    rows = _rows(user, [each.number for state in new for each in state.waiting[:MOST_SHOWN]])
    for state in new:
        # A customer who has been taken meanwhile is not there any more: the next one to look draws it again.
        here = [rows[each.number] for each in state.waiting[:MOST_SHOWN] if each.number in rows]
        html = render_to_string("queue/line.html", {"state": state, "rows": here, "has_agent": has_agent})
        known[keys[state.queue.pk]] = html
        if _is_same(state, here):
            cache.set(keys[state.queue.pk], html, DRAWN_FOR_S)
    return [SafeString(known[keys[state.queue.pk]]) for state in states]


def _rows(user: User, numbers: Collection[int]) -> dict[int, Visit]:
    found = (
        Visit.objects.visible_to(user).filter(number__in=numbers, stage="waiting").select_related(*_RELATED)
    )
    return {visit.number: visit for visit in found}


def _is_same(state: QueueState, rows: list[Visit]) -> bool:
    """Return whether the rows are still as the key says."""
    seen = Waiting._fields[:-1]
    now = [
        Waiting._make([*(getattr(row, name) for name in seen), row.resident_id or row.contact_id])
        for row in rows
    ]
    return now == state.waiting[:MOST_SHOWN]


def _promised(user: User, waiting: Iterable[Waiting]) -> list[Visit]:
    numbers = [each.number for each in waiting if each.call_back == "accepted"]
    if not numbers:
        return []
    rows = Visit.objects.visible_to(user).filter(number__in=numbers).select_related("queue", *_RELATED)
    return list(rows.order_by("number"))


def _waits_since(waiting: list[Waiting]) -> float:
    return waiting[0].joined_at.timestamp() if waiting else float("inf")
