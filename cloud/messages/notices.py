"""Message events for notification rules."""

from collections.abc import Iterator
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from cloud.messages import ladder
from cloud.messages.models import ConfirmationStep, Message
from cloud.notices.events import EventType, Happened

MOST_LOOKED_AT = 500
FIELDS = ("title", "about")
TYPES = (
    EventType("reminder-unconfirmed", _("A reminder is not confirmed"), FIELDS),
    EventType("reminder-obsolete", _("A reminder was not shown before its appointment"), FIELDS),
)


def happened(since: datetime) -> Iterator[Happened]:
    """Yield reminders that the escalation brought to the desk, or that could not be shown in time (M8)."""
    steps = ConfirmationStep.objects.filter(key=ladder.DESK, at__gte=since)
    for step in steps.select_related("message__resident__organisation").order_by("-pk")[:MOST_LOOKED_AT]:
        yield _happened("reminder-unconfirmed", step.message, step.at)
    obsolete = Message.objects.filter(state=Message.State.OBSOLETE, until__gte=since)
    for message in obsolete.select_related("resident__organisation").order_by("-until")[:MOST_LOOKED_AT]:
        yield _happened("reminder-obsolete", message, message.until)


def _happened(event: str, message: Message, at: datetime) -> Happened:
    resident, values = message.resident, {"title": message.title, "about": message.about}
    return Happened(f"{event}/{message.pk}", event, resident.organisation, at, resident, values)
