"""Retires a device: refused from now on, and wiped as soon as it can be reached (K17)."""

import hmac
import secrets
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from cloud.devices.commands import WIPE, issue
from cloud.devices.errors import ClaimRefused
from cloud.devices.models import Device, DeviceCommand, Retirement
from cloud.devices.revocation import drop, revoke
from cloud.notify import live_updates
from cloud.organisations.models import User
from cloud.pki.authority import Authority
from device.contract.retirement import Wipe, Wiped

# A device found in a cupboard after that can read nothing new.
LIFETIME = timedelta(days=3650)
# A device notified by MQTT has finished by then, and its broker session can be removed too.
BROKER_KEEPS = timedelta(minutes=10)


def retire(device: Device, authority: Authority, why: str, by: User | None) -> Retirement:
    """Refuse the device from now on, unassign it from its resident, and have it wiped."""
    with transaction.atomic():
        pem = device.certificate_pem
        retirement, _ = Retirement.objects.update_or_create(
            device=device,
            defaults={
                "why": why,
                "certificate_pem": pem,
                "receipt": secrets.token_hex(16),
                "asked_by": by,
                "wiped_at": None,
                "broker_cleared_at": None,
            },
        )
        revoke(device, authority, Device.Use.IN_STOCK)
        issue(device, Wipe(receipt=retirement.receipt), by=by, lifetime=LIFETIME)
        live_updates.changed(device.organisation, live_updates.DEVICE)
    return retirement


def call_off(device_id: str) -> None:
    """Cancel the retirement: the device was enrolled again."""
    Retirement.objects.filter(device=device_id).delete()
    DeviceCommand.objects.filter(device=device_id, body__kind=WIPE).delete()


def is_retired(device: Device) -> bool:
    """Return whether it is refused for good."""
    return Retirement.objects.filter(device=device).exists()


def wipe_again(device: Device) -> bool:
    """Send the wipe command again if the device may not be wiped; return whether it was sent."""
    waiting = DeviceCommand.objects.filter(device=device, body__kind=WIPE, final=False)
    return bool(waiting.update(sent_at=None))


def take_receipt(said: Wiped) -> None:
    """Record that the device is wiped; only the first time counts. Raises ``ClaimRefused``."""
    known = Retirement.objects.select_related("device__organisation").filter(device=said.device).first()
    if known is None or not hmac.compare_digest(known.receipt.encode(), said.receipt.encode()):
        raise ClaimRefused("there is no such device to be wiped", 403)
    with transaction.atomic():
        if Retirement.objects.filter(pk=known.pk, wiped_at=None).update(wiped_at=timezone.now()):
            # The receipt stays in the retirement alone.
            DeviceCommand.objects.filter(device=known.device, body__kind=WIPE).delete()
            live_updates.changed(known.device.organisation, live_updates.DEVICE, known.device.pk)


def clear_brokers() -> None:
    """Remove connection, session and messages of retired devices at every broker; failures are retried."""
    due = Retirement.objects.filter(broker_cleared_at=None, asked_at__lt=timezone.now() - BROKER_KEEPS)
    wiped = Retirement.objects.filter(broker_cleared_at=None).exclude(wiped_at=None)
    for retirement in (due | wiped).select_related("device"):
        if drop(retirement.device):
            Retirement.objects.filter(pk=retirement.pk).update(broker_cleared_at=timezone.now())
