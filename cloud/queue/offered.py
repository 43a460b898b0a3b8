"""The queues that a resident's screen offers, no more than its document takes."""

from collections.abc import Iterable

from cloud.base.languages import LANGUAGES
from cloud.organisations.models import Organisation
from cloud.queue.models import Queue
from device.contract.queue import MOST_TOPICS


def offered(queues: Iterable[Queue], language: str) -> list[Queue]:
    """Return those for this language, by name; of too many the nearest organisations' are kept."""
    fitting = _fitting(queues, language)
    nearest = sorted(fitting, key=lambda queue: queue.organisation.path.count("/"), reverse=True)
    kept = {queue.pk for queue in nearest[:MOST_TOPICS]}
    return [queue for queue in fitting if queue.pk in kept]


def count_left_out(organisations: Iterable[Organisation]) -> dict[int, int]:
    """Return how many queues the screens of each organisation leave out, in the language with the most."""
    lines = {each.pk: each.line for each in organisations}
    rows = list(Queue.objects.filter(organisation__in={pk for line in lines.values() for pk in line}))
    found = {}
    for pk, line in lines.items():
        serving = [queue for queue in rows if queue.organisation_id in line]
        found[pk] = max(0, *(len(_fitting(serving, code)) - MOST_TOPICS for code, _name in LANGUAGES))
    return found


def _fitting(queues: Iterable[Queue], language: str) -> list[Queue]:
    return [queue for queue in queues if queue.ways and (not queue.languages or language in queue.languages)]
