"""The queues that a resident's screen offers, no more than its document takes."""

from collections.abc import Iterable

from cloud.base.languages import LANGUAGES
from cloud.queue.models import Queue
from device.contract.queue import MOST_TOPICS


def offered(queues: Iterable[Queue], language: str) -> list[Queue]:
    """Return those for this language, by name; of too many the nearest organisations' are kept."""
    fitting = _fitting(queues, language)
    nearest = sorted(fitting, key=lambda queue: queue.organisation.path.count("/"), reverse=True)
    kept = {queue.pk for queue in nearest[:MOST_TOPICS]}
    return [queue for queue in fitting if queue.pk in kept]


def count_left_out(queues: Iterable[Queue]) -> int:
    """Return how many of these queues of one organisation no screen of some language offers."""
    rows = list(queues)
    return max(0, *(len(_fitting(rows, code)) - MOST_TOPICS for code, _name in LANGUAGES))


def _fitting(queues: Iterable[Queue], language: str) -> list[Queue]:
    return [queue for queue in queues if queue.ways and (not queue.languages or language in queue.languages)]
