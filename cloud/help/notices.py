"""Help events for notification rules."""

from collections.abc import Iterator
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from cloud.help.models import HelpStep
from cloud.notices.events import EventType, Happened

# The newest steps; there are no more between two polls.
MOST_LOOKED_AT = 500
_KINDS = {
    HelpStep.Kind.RAISED: "help-raised",
    HelpStep.Kind.NOTIFIED: "help-unanswered",
    HelpStep.Kind.PARTNER: "help-unanswered",
    HelpStep.Kind.CLOSED: "help-closed",
}
TYPES = (
    EventType("help-raised", _("Help is asked for"), ("kind",), is_urgent=True),
    EventType("help-unanswered", _("Nobody answers a call for help"), ("kind", "notified"), is_urgent=True),
    EventType("help-closed", _("A call for help is closed"), ("kind", "by"), is_urgent=True),
)


def happened(since: datetime) -> Iterator[Happened]:
    """Yield requests raised, escalated and closed, once for each request."""
    newest = HelpStep.objects.select_related("request__resident", "request__organisation").order_by("-pk")
    for step in reversed(newest[:MOST_LOOKED_AT]):
        event, request = _KINDS.get(HelpStep.Kind(step.kind)), step.request
        if event is None or step.at < since:
            continue
        values = {"kind": str(request.get_kind_display()), "notified": step.who, "by": step.who}
        yield Happened(
            f"{event}/{request.pk}", event, request.organisation, step.at, request.resident, values
        )
