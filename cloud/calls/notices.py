"""Call events for notification rules."""

from collections.abc import Iterator
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from cloud.calls.missed import is_missed
from cloud.calls.models import Call
from cloud.notices.events import EventType, Happened

MOST_LOOKED_AT = 500
TYPES = (
    EventType("call-missed", _("Missed call"), ("kind",)),
    EventType("forced-call", _("Forced call"), ("reason",)),
)


def happened(since: datetime) -> Iterator[Happened]:
    """Yield missed calls, and every forced one."""
    lately = Call.objects.filter(offered_at__gte=since).select_related("resident", "organisation")
    for call in lately.filter(is_missed())[:MOST_LOOKED_AT]:
        yield _of(call, "call-missed")
    for call in lately.filter(kind=Call.Kind.FORCED)[:MOST_LOOKED_AT]:
        yield _of(call, "forced-call")


def _of(call: Call, event: str) -> Happened:
    values = {"kind": str(call.get_kind_display()), "reason": str(call.get_reason_display())}
    return Happened(f"{event}/{call.pk}", event, call.organisation, call.offered_at, call.resident, values)
