"""Cancelled appointments for notification rules."""

from collections.abc import Iterator
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from cloud.calendar.models import CancelledTime
from cloud.notices.events import EventType, Happened

MOST_LOOKED_AT = 500
EVENT = "appointment-cancelled"
TYPES = (EventType(EVENT, _("An appointment is cancelled"), ("appointment", "starts", "performer")),)


def happened(since: datetime) -> Iterator[Happened]:
    """Yield occurrences that somebody has cancelled; ``starts`` is the wall time of the appointment."""
    rows = CancelledTime.objects.filter(at__gte=since).order_by("-pk")
    for row in rows.select_related("appointment__resident__organisation")[:MOST_LOOKED_AT]:
        appointment = row.appointment
        starts = datetime.fromisoformat(row.starts)
        values = {
            "appointment": appointment.title,
            "starts": f"{starts.day}.{starts.month}. {starts:%H:%M}",
            "performer": appointment.performer or "–",
        }
        resident = appointment.resident
        yield Happened(f"{EVENT}/{row.pk}", EVENT, resident.organisation, row.at, resident, values)
