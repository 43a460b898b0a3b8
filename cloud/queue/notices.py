"""Queue events for notification rules."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cloud.notices.events import EventType, Happened
from cloud.queue.models import Visit

MOST_LOOKED_AT = 500
TOO_LONG = timedelta(minutes=10)
TYPES = (EventType("queue-too-long", _("Somebody has waited too long in a queue"), ("queue",)),)


def happened(since: datetime) -> Iterator[Happened]:
    """Yield customers who have waited for ten minutes, once."""
    waiting = Visit.objects.filter(stage=Visit.Stage.WAITING, joined_at__gte=since)
    late = waiting.filter(joined_at__lte=timezone.now() - TOO_LONG)
    for visit in late.select_related("queue__organisation", "resident")[:MOST_LOOKED_AT]:
        key, values = f"queue-too-long/{visit.pk}", {"queue": visit.queue.name}
        yield Happened(
            key, "queue-too-long", visit.queue.organisation, visit.joined_at, visit.resident, values
        )
