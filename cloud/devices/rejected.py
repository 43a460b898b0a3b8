"""Invalid input from devices: the newest few of each device, for the desk."""

import logging

from cloud.devices.models import Device, RejectedInput
from cloud.notify import live_updates

log = logging.getLogger(__name__)

MOST_EACH = 50
LONGEST = 300


def reject(device: Device, channel: str, reason: str) -> None:
    """Record that input on this channel was invalid, and why."""
    log.warning("Rejected %s of %s: %s", channel, device.pk, reason)
    RejectedInput.objects.create(
        device=device, channel=storable(channel)[:64], reason=storable(reason)[:LONGEST]
    )
    rows = RejectedInput.objects.filter(device=device).order_by("-pk")
    # Only older ones: another lane may be adding a newer one at this moment.
    for oldest_kept in rows.values_list("pk", flat=True)[MOST_EACH - 1 : MOST_EACH]:
        rows.filter(pk__lt=oldest_kept).delete()
    live_updates.changed(device.organisation, live_updates.DEVICE, device.pk)


def storable(text: str) -> str:
    """Return the text without NUL, which PostgreSQL does not store."""
    return text.replace("\0", "\ufffd")
