"""The time zone of a page."""

from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.conf import settings
from django.utils.timezone import localdate

from cloud.people.closed_days import closed_days
from cloud.people.models import Resident
from cloud.screens.models import ResidentView


def zone_of(resident: Resident | None) -> ZoneInfo:
    """Return the time zone of a resident's screen (V6); the desk's own where there is none."""
    return zone_of_view(getattr(resident, "view", None))


def zone_of_view(view: ResidentView | None) -> ZoneInfo:
    """Return the time zone of this view; the desk's own where there is none."""
    try:
        return ZoneInfo(view.time_zone if view else settings.TIME_ZONE)
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo(settings.TIME_ZONE)


def closed_days_of(resident: Resident) -> list[str]:
    """Return the days on which the resident's office is closed, by the calendar of their country."""
    return closed_days(resident.organisation, zone_of(resident).key, localdate())
