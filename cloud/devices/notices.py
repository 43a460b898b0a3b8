"""Device faults for notification rules."""

from collections.abc import Iterator
from datetime import datetime

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cloud.devices.faults import SILENCE
from cloud.devices.models import Device, DeviceFault
from cloud.notices.events import EventType, Happened

MOST_LOOKED_AT = 500
CERTIFICATE = "certificate"
TYPES = (
    EventType("device-silent", _("A device is silent"), ("device",)),
    EventType("device-fault", _("A device has a fault"), ("device", "part", "reason")),
    EventType("certificate", _("A device's certificate is not renewed"), ("device", "reason")),
    EventType("device-back", _("A device is well again"), ("device", "part")),
    EventType("self-test-failed", _("A self-test has failed"), ("device", "part", "reason")),
)


def happened(since: datetime) -> Iterator[Happened]:
    """Yield faults and their ends; silence counts after three heartbeats."""
    used = Device.objects.filter(use=Device.Use.IN_USE).select_related("resident", "organisation")
    for device in used.filter(heard_at__gt=since, heard_at__lt=timezone.now() - SILENCE)[:MOST_LOOKED_AT]:
        if device.heard_at:
            key = f"device-silent/{device.pk}/{device.heard_at.timestamp():.0f}"
            yield _happened(key, "device-silent", device, device.heard_at, {})
    lately = Q(since__gte=since) | Q(ended_at__gte=since)
    faults = DeviceFault.objects.filter(lately).select_related("device__resident", "device__organisation")
    for fault in faults.order_by("-pk")[:MOST_LOOKED_AT]:
        yield from _of_fault(fault, since)


def _of_fault(fault: DeviceFault, since: datetime) -> Iterator[Happened]:
    values = {"part": fault.part, "reason": fault.reason}
    is_test = fault.source == DeviceFault.Source.SELF_TEST
    if fault.since >= since and fault.source != DeviceFault.Source.SILENCE:
        event = "self-test-failed" if is_test else "device-fault"
        yield _happened(f"{event}/{fault.pk}", event, fault.device, fault.since, values)
        if fault.part == CERTIFICATE:
            reason = {"reason": fault.reason}
            yield _happened(f"certificate/{fault.pk}", "certificate", fault.device, fault.since, reason)
    if fault.ended_at and fault.ended_at >= since:
        yield _happened(f"device-back/{fault.pk}", "device-back", fault.device, fault.ended_at, values)


def _happened(key: str, event: str, device: Device, at: datetime, values: dict[str, str]) -> Happened:
    said = {"device": device.pk, **values}
    return Happened(key, event, device.organisation, at, device.resident, said)
