"""What a device sent that could not be used, kept for the desk to see: the newest few of each device."""

import logging

from cloud.devices.models import Device, RejectedInput
from cloud.notify import nudge

log = logging.getLogger(__name__)

MOST_EACH = 50
LONGEST = 300


def reject(device: Device, channel: str, reason: str) -> None:
    """Notes that something on this channel could not be used, and why."""
    log.warning("Rejected %s of %s: %s", channel, device.pk, reason)
    RejectedInput.objects.create(
        device=device, channel=storable(channel)[:64], reason=storable(reason)[:LONGEST]
    )
    rows = RejectedInput.objects.filter(device=device).order_by("-pk")
    # Those that are older: another lane may be noting a newer one at this moment.
    for oldest_kept in rows.values_list("pk", flat=True)[MOST_EACH - 1 : MOST_EACH]:
        rows.filter(pk__lt=oldest_kept).delete()
    nudge.changed(device.organisation, nudge.DEVICE)


def storable(text: str) -> str:
    """The text without the one character that PostgreSQL does not store."""
    return text.replace("\0", "\ufffd")
