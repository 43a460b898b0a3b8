"""Faults of monitored residents' devices, for their alarm centre: battery, mains, all that is technical."""

from datetime import datetime, timedelta

from cloud.devices.models import DeviceFault
from cloud.help.models import Partner
from cloud.partner import outbox, registrations, scaip
from cloud.partner.models import AlarmCentre, AlarmMessage, Registration

# What mends itself sooner is no matter for a centre; what is older was told, or is a matter of the past.
LASTS, RECENT = timedelta(minutes=5), timedelta(days=1)
AGAIN_AFTER = timedelta(minutes=15)
MOST_AT_ONCE = 20
STATUS = {"battery": scaip.BATTERY_LOW, "power": scaip.POWER_FAILURE, "mains": scaip.POWER_FAILURE}
State = AlarmMessage.State


def put_new(now: datetime) -> int:
    """Writes a message down for each fault that no centre has confirmed yet; how many."""
    faults = DeviceFault.objects.filter(
        ended_at=None, since__lt=now - LASTS, since__gt=now - RECENT, device__resident__care__monitored=True
    ).select_related("device__resident__organisation")
    count = 0
    for fault in faults.order_by("since")[: 10 * MOST_AT_ONCE]:
        count += _put(fault, now)
        if count >= MOST_AT_ONCE:
            break
    return count


def _put(fault: DeviceFault, now: datetime) -> bool:
    resident = fault.device.resident
    partner = Partner.serving(resident.organisation) if resident else None
    centre = AlarmCentre.objects.filter(partner=partner).first() if partner else None
    if resident is None or partner is None or centre is None or not registrations.is_told(partner, resident):
        return False
    known = AlarmMessage.objects.filter(fault=fault)
    recent = known.filter(created_at__gt=now - AGAIN_AFTER)
    if recent.exists() or known.filter(state=State.RECEIVED).exists():
        return False
    request = scaip.Request(
        ref=scaip.new_ref(),
        controller=Registration.of(resident).number,
        status=STATUS.get(fault.part, scaip.MALFUNCTION),
        kind=scaip.INFORMATION,
        text=fault.part,
    )
    outbox.put(centre, request, centre.servers, fault=fault)
    return True
