"""Who looked in on a resident by a forced call, and why: for relatives, where the home allows it (V12)."""

from collections.abc import Collection
from datetime import timedelta
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from cloud.base.templatetags.desk import initials
from cloud.calls.models import Call, CallSettings
from cloud.organisations.models import Organisation
from cloud.people.models import Contact, Resident
from cloud.screens.zone import zone_of

SHOWN = timedelta(days=14)
MOST = 5


def for_relative(contact: Contact, residents: Collection[Resident]) -> list[dict[str, Any]]:
    """Return the newest forced calls of others that were held with these residents."""
    if (
        contact.role != Contact.Role.RELATIVE
        or not CallSettings.objects.filter(tells_relatives=True).exists()
    ):
        return []
    homes = Organisation.objects.filter(pk__in={each.organisation_id for each in residents})
    nearest = CallSettings.objects.nearest_to_each(homes)
    open_homes = {pk for pk, row in nearest.items() if row.tells_relatives}
    rows = Call.objects.filter(
        kind=Call.Kind.FORCED,
        resident__in=[each.pk for each in residents if each.organisation_id in open_homes],
        answered_at__isnull=False,
        offered_at__gt=timezone.now() - SHOWN,
    )
    rows = rows.exclude(contact=contact).select_related("resident__view", "contact", "user")
    return [_said(call) for call in rows.order_by("-offered_at")[:MOST]]


def _said(call: Call) -> dict[str, Any]:
    at = localtime(call.offered_at, zone_of(call.resident))
    values = {
        "who": call.contact or call.user or _("Somebody"),
        "day": date_format(at, "SHORT_DATE_FORMAT"),
        "time": at.strftime("%H:%M"),
        "why": ": ".join(filter(None, (call.get_reason_display(), call.reason_text))),
    }
    return {
        "id": call.pk,
        "name": str(call.resident),
        "initials": initials(call.resident),
        "words": _("%(who)s looked in %(day)s at %(time)s. %(why)s") % values,
    }
