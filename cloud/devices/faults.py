"""What does not work at a device, from its heartbeats and its nightly test: first seen, and ended (K8)."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.utils import timezone

from cloud.devices.models import Device, DeviceFault
from device.contract.events import Event, SelfTested
from device.contract.vital import Fault, Heartbeat

# Three heartbeats.
SILENCE = timedelta(seconds=180)
LINK, SELF_TEST, TRAFFIC = "link", "self-test", "traffic"
LONGEST = 300


def keep_heartbeat(device: Device, said: Heartbeat, at: datetime) -> None:
    """What the device says now; what it does not say any more has ended."""
    _keep(device, DeviceFault.Source.HEARTBEAT, said.faults, at)


def keep_flood(device: Device, dropped: int) -> None:
    """The device sends more than its share; 0 once it is calm."""
    said = [Fault(part=TRAFFIC, reason=f"sends too much: {dropped}")] if dropped else []
    _keep(device, DeviceFault.Source.DESK, said, timezone.now())


def take_in(device: Device, event: Event) -> None:
    """The nightly test counts until the next one; any other event is no matter of health."""
    match event.what:
        case SelfTested(passed=passed, faults=found):
            if not passed and not found:
                found = [Fault(part=SELF_TEST, reason="")]
            _keep(device, DeviceFault.Source.SELF_TEST, found, timezone.now())


def heard(device: Device, at: datetime) -> None:
    """Remembers a silence that has just ended; until then it is seen from when the device was last heard."""
    if device.heard_at and at - device.heard_at >= SILENCE:
        DeviceFault.objects.create(
            device=device, source=DeviceFault.Source.SILENCE, part=LINK, since=device.heard_at, ended_at=at
        )


def _keep(device: Device, source: DeviceFault.Source, said: Iterable[Fault], at: datetime) -> None:
    reasons: dict[str, str] = {}
    for fault in said:
        part, reason = _storable(fault.part), _storable(fault.reason)
        before = reasons.get(part)
        reasons[part] = f"{before}; {reason}"[:LONGEST] if before else reason
    ended = []
    for row in DeviceFault.objects.filter(device=device, source=source, ended_at=None):
        if row.part not in reasons:
            ended.append(row.pk)
        elif (reason := reasons.pop(row.part)) != row.reason:
            DeviceFault.objects.filter(pk=row.pk).update(reason=reason)
    DeviceFault.objects.filter(pk__in=ended).update(ended_at=at)
    DeviceFault.objects.bulk_create(
        DeviceFault(device=device, source=source, part=part, reason=reason, since=at)
        for part, reason in reasons.items()
    )


def _storable(text: str) -> str:
    return text.replace("\0", "\ufffd")
