"""Template filters of wall times, which are formatted but never converted."""

from datetime import date, datetime

from django import template
from django.utils.formats import date_format

from cloud.calendar.models import Appointment

register = template.Library()


@register.filter
def wall_day(at: datetime | str) -> str:
    """Format the date of a wall time as ``Mon 23.11.2026``."""
    local = datetime.fromisoformat(at) if isinstance(at, str) else at
    return f"{date_format(local, 'D')} {date_format(local, 'SHORT_DATE_FORMAT')}"


@register.filter
def calendar_day(day: str) -> str:
    """Format a date of the contract as ``Mon 23.11.2026``."""
    return wall_day(datetime.combine(date.fromisoformat(day), datetime.min.time()))


@register.filter
def hours(appointment: Appointment) -> str:
    """Format as ``10:00–11:30``; empty for an all-day one, with days for one across midnight."""
    if appointment.all_day:
        return ""
    starts, ends = appointment.starts, appointment.ends
    if not ends or ends == starts:
        return starts[11:]
    return f"{starts[11:]}–{ends[11:]}"
