"""Faults of a device, from heartbeats and self-tests: first seen, and ended (K8)."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.utils import timezone

from cloud.devices.models import Device, DeviceFault
from device.contract.events import SelfTested, WireEvent
from device.contract.vital import Fault, Heartbeat

# Three heartbeats.
SILENCE = timedelta(seconds=180)
LINK, SELF_TEST, TRAFFIC = "link", "self-test", "traffic"
LONGEST = 300


def keep_heartbeat(device: Device, said: Heartbeat, at: datetime) -> None:
    """Update the faults from a heartbeat; one that is no longer reported has ended."""
    _keep(device, DeviceFault.Source.HEARTBEAT, said.faults, at)


def keep_flood(device: Device, dropped: int) -> None:
    """Record that the device sends too many messages; 0 once it is back to normal."""
    said = [Fault(part=TRAFFIC, reason=f"sends too much: {dropped}")] if dropped else []
    _keep(device, DeviceFault.Source.DESK, said, timezone.now())


def handle(device: Device, event: WireEvent) -> None:
    """Update the self-test's faults, which last until the next one; other events are ignored."""
    match event.what:
        case SelfTested(passed=passed, faults=found):
            if not passed and not found:
                found = [Fault(part=SELF_TEST, reason="")]
            _keep(device, DeviceFault.Source.SELF_TEST, found, timezone.now())


def heard(device: Device, at: datetime) -> bool:
    """Record a silence that has just ended; return whether one has."""
    if device.heard_at is None or at - device.heard_at < SILENCE:
        return False
    DeviceFault.objects.create(
        device=device, source=DeviceFault.Source.SILENCE, part=LINK, since=device.heard_at, ended_at=at
    )
    return True


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
