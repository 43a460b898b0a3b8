"""Whose clock a page shows."""

from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.conf import settings

from cloud.people.models import Resident
from cloud.screens.models import ResidentView


def zone_of(resident: Resident | None) -> ZoneInfo:
    """The time zone of a resident's screen (V6); the desk's own where there is none."""
    view = ResidentView.objects.filter(resident=resident).first() if resident else None
    try:
        return ZoneInfo(view.time_zone if view else settings.TIME_ZONE)
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo(settings.TIME_ZONE)
