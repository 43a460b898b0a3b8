"""Wall times in templates: never converted, only written out."""

from datetime import date, datetime

from django import template
from django.utils.formats import date_format

from cloud.calendar.models import Appointment

register = template.Library()


@register.filter
def wall_day(at: datetime | str) -> str:
    """``Mon 23.11.2026`` of a wall time."""
    local = datetime.fromisoformat(at) if isinstance(at, str) else at
    return f"{date_format(local, 'D')} {date_format(local, 'SHORT_DATE_FORMAT')}"


@register.filter
def calendar_day(day: str) -> str:
    """``Mon 23.11.2026`` of a day as the contract writes it."""
    return wall_day(datetime.combine(date.fromisoformat(day), datetime.min.time()))


@register.filter
def hours(appointment: Appointment) -> str:
    """``10:00–11:30``; nothing for a whole day, the days for one that goes over midnight."""
    if appointment.all_day:
        return ""
    starts, ends = appointment.starts, appointment.ends
    if not ends or ends == starts:
        return starts[11:]
    return f"{starts[11:]}–{ends[11:]}"
