"""How many are served before a customer, where agents serve several queues (Q4).

An agent takes the customer of all their queues who has waited longest: those in other queues are ahead too,
as far as the agents of theirs are also agents of this one.
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Collection

from cloud.queue.models import Agent, Queue, Visit

_SERVES = Agent.queues.through.objects


class SharedLine:
    """Agents at work and waiting customers of these queues, and of those that share agents with them."""

    def __init__(self, queues: Collection[Queue]) -> None:
        self._agents: dict[int, set[int]] = defaultdict(set)
        self._waiting: dict[int, list[int]] = defaultdict(list)
        ours = _SERVES.filter(queue__in=queues, agent__is_signed_in=True).values("agent")
        sharing = _SERVES.filter(agent__in=ours).values("queue")
        at_work = _SERVES.filter(queue__in=sharing, agent__is_signed_in=True)
        for queue, agent in at_work.values_list("queue", "agent"):
            self._agents[queue].add(agent)
        in_line = Visit.objects.filter(queue__in=list(self._agents), stage="waiting").order_by("number")
        for queue, number in in_line.values_list("queue", "number"):
            self._waiting[queue].append(number)

    def agents(self, queue: Queue) -> int:
        """Return how many agents of this queue are at work."""
        return len(self._agents.get(queue.pk, ()))

    def place(self, queue: Queue, number: int | None = None) -> float:
        """Return the place, from 1, of the visit with this number, or of who joined now.

        Half of a queue's agents here: half of those who wait there are ahead.
        """
        ours = self._agents.get(queue.pk, set())
        return 1 + sum(
            self._ahead(each, number) * len(ours & agents) / len(agents)
            for each, agents in self._agents.items()
        )

    def _ahead(self, queue: int, number: int | None) -> int:
        waiting = self._waiting.get(queue, [])
        return len(waiting) if number is None else bisect_left(waiting, number)
