"""Updates that devices have taken back, for notification rules."""

from collections.abc import Iterator
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from cloud.notices.events import EventType, Happened
from cloud.releases.models import DeviceRelease

MOST_LOOKED_AT = 500
EVENT = "update-returned"
TYPES = (EventType(EVENT, _("A device has taken back an update"), ("device", "version", "reason")),)


def happened(since: datetime) -> Iterator[Happened]:
    """Yield devices that came back from a release, or refused it."""
    stages = (DeviceRelease.Stage.RETURNED, DeviceRelease.Stage.REFUSED)
    rows = DeviceRelease.objects.filter(stage__in=stages, at__gte=since).order_by("-pk")
    for row in rows.select_related("device__organisation", "device__resident")[:MOST_LOOKED_AT]:
        device, version = row.device, row.version or str(row.number)
        values = {"device": device.pk, "version": version, "reason": row.reason}
        key = f"{EVENT}/{row.pk}/{row.stage}"
        yield Happened(key, EVENT, device.organisation, row.at, device.resident, values)
