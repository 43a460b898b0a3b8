"""Stores devices' update reports, for the fleet's page and for judging releases."""

from django.utils import timezone

from cloud.devices.models import Device
from cloud.notify import live_updates
from cloud.releases.models import DeviceRelease
from device.contract.events import SoftwareUpdated, WireEvent


def handle(device: Device, event: WireEvent) -> None:
    """Store the newest report on each release."""
    match event.what:
        case SoftwareUpdated(version=version, number=number, stage=stage, reason=reason):
            DeviceRelease.objects.update_or_create(
                device=device,
                number=number,
                defaults={
                    "version": version.replace("\0", "\ufffd")[:64],
                    "stage": stage,
                    "reason": reason.replace("\0", "\ufffd")[:300],
                    "at": timezone.now(),
                },
            )
            live_updates.changed(device.organisation, live_updates.DEVICE, device.pk)
