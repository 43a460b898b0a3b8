"""What the documents and pages of many customers have in common, read when the first of them needs it."""

from bisect import bisect_left
from collections.abc import Callable, Hashable, Sequence
from typing import TypeVar, cast

from django.utils import timezone

from cloud.organisations.models import Organisation
from cloud.queue.estimate import MOST_SERVICES, Estimate, Service, estimate
from cloud.queue.models import Queue, QuickReply, Visit
from cloud.queue.offered import offered
from cloud.queue.shared_line import SharedLine

T = TypeVar("T")
MOST_REPLIES = 8


class Common:
    """One reading of the queues; nothing in it becomes newer."""

    def __init__(self) -> None:
        self._known: dict[Hashable, object] = {}

    def offered(self, organisation: Organisation, language: str) -> list[Queue]:
        """Return the queues that the screens of this organisation offer."""

        def read() -> list[Queue]:
            return offered(Queue.serving(organisation).select_related("organisation"), language)

        return self._once(("offered", organisation.pk, language), read)

    def line(self, queues: Sequence[Queue]) -> SharedLine:
        """Return who is at work and who waits in these queues."""
        return self._once(("line", *(queue.pk for queue in queues)), lambda: SharedLine(queues))

    def place(self, queue: Queue, number: int) -> int:
        """Return the place in the queue, from 1, of the visit with this number."""
        waiting = Visit.objects.filter(queue=queue, stage="waiting").order_by("number")
        numbers = self._once(("waiting", queue.pk), lambda: list(waiting.values_list("number", flat=True)))
        return 1 + bisect_left(numbers, number)

    def wait(self, line: SharedLine, queue: Queue, visit: Visit | None = None) -> Estimate | None:
        """Return the wait that is left for this visit, or for who joined the queue now."""
        agents = line.agents(queue)
        if not agents:
            return None
        waited_s = (timezone.now() - visit.joined_at).total_seconds() if visit else 0.0
        place = line.place(queue, visit.number if visit else None)
        return estimate(place, agents, self._services(queue), waited_s)

    def replies(self, queue: Queue, language: str) -> list[str]:
        """Return the texts of the queue's quick replies."""
        rows = QuickReply.objects.filter(queue=queue, language=language)[:MOST_REPLIES]
        return self._once(("replies", queue.pk, language), lambda: [reply.text for reply in rows])

    def _services(self, queue: Queue) -> list[Service]:
        def read() -> list[Service]:
            ended = Visit.objects.filter(queue=queue, stage="ended").exclude(first_served_at=None)
            rows = ended.order_by("-ended_at").values_list("joined_at", "first_served_at", "ended_at")
            return [
                Service((begun - joined).total_seconds(), (ended - begun).total_seconds())
                for joined, begun, ended in rows[:MOST_SERVICES]
                if begun and ended
            ]

        return self._once(("services", queue.pk), read)

    def _once(self, key: Hashable, read: Callable[[], T]) -> T:
        if key not in self._known:
            self._known[key] = read()
        return cast(T, self._known[key])
