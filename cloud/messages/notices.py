"""Messages that people are notified of."""

from collections.abc import Iterator
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from cloud.messages import ladder
from cloud.messages.models import ConfirmationStep
from cloud.notices.events import EventType, Happened

MOST_LOOKED_AT = 500
TYPES = (EventType("reminder-unconfirmed", _("A reminder is not confirmed"), ("title", "about")),)


def happened(since: datetime) -> Iterator[Happened]:
    """Once for each reminder, when the ladder has come to the desk."""
    steps = ConfirmationStep.objects.filter(key=ladder.DESK, at__gte=since)
    for step in steps.select_related("message__resident__organisation").order_by("-pk")[:MOST_LOOKED_AT]:
        message = step.message
        values = {"title": message.title, "about": message.about}
        resident, key = message.resident, f"reminder-unconfirmed/{message.pk}"
        yield Happened(key, "reminder-unconfirmed", resident.organisation, step.at, resident, values)
