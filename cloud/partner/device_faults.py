"""Reports faults of monitored residents' devices to their alarm centre: battery, mains, technical."""

from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet

from cloud.devices.models import DeviceFault
from cloud.help.models import Partner
from cloud.organisations.models import Organisation
from cloud.partner import outbox, scaip
from cloud.partner.models import AlarmCentre, AlarmMessage, Registration
from cloud.people.models import Resident

# Short faults are not reported; older ones were reported, or are history.
LASTS, RECENT = timedelta(minutes=5), timedelta(days=1)
AGAIN_AFTER = timedelta(minutes=15)
MOST_AT_ONCE = 20
STATUS = {"battery": scaip.BATTERY_LOW, "power": scaip.POWER_FAILURE, "mains": scaip.POWER_FAILURE}
State = AlarmMessage.State


def put_new(now: datetime) -> int:
    """Queue a message for each fault that no centre has confirmed; return how many."""
    centres = _centres(_waiting(now))
    found = Q(pk=None)
    for organisation, centre in centres.items():
        ours = Q(device__organisation=organisation)
        if centre.partner.only_registered:
            ours &= Q(device__resident__registration__confirmed_at__isnull=False)
        found |= ours
    faults = _waiting(now).filter(found).select_related("device__resident").order_by("since", "pk")
    rows = list(faults[:MOST_AT_ONCE])
    for fault in rows:
        if fault.device.resident:
            _put(fault, fault.device.resident, centres[fault.device.organisation_id])
    return len(rows)


def _waiting(now: datetime) -> QuerySet[DeviceFault]:
    """Return lasting faults of monitored residents that were neither confirmed nor reported lately."""
    known = AlarmMessage.objects.filter(fault=OuterRef("pk"))
    reported = known.filter(Q(state=State.RECEIVED) | Q(created_at__gt=now - AGAIN_AFTER))
    return DeviceFault.objects.filter(
        ~Exists(reported),
        ended_at=None,
        since__lt=now - LASTS,
        since__gt=now - RECENT,
        device__resident__care__monitored=True,
    )


def _centres(faults: QuerySet[DeviceFault]) -> dict[int, AlarmCentre]:
    """Return the alarm centre of each organisation that wants such reports."""
    homes = Organisation.objects.filter(pk__in=faults.values("device__organisation"))
    partners = {home.pk: Partner.serving(home) for home in homes}
    rows = AlarmCentre.objects.filter(partner__in=[each for each in partners.values() if each])
    centres = {centre.partner_id: centre for centre in rows.select_related("partner")}
    return {home: centres[each.pk] for home, each in partners.items() if each and each.pk in centres}


def _put(fault: DeviceFault, resident: Resident, centre: AlarmCentre) -> None:
    request = scaip.Request(
        ref=scaip.new_ref(),
        controller=Registration.of(resident).number,
        status=STATUS.get(fault.part, scaip.MALFUNCTION),
        kind=scaip.INFORMATION,
        text=fault.part,
    )
    outbox.put(centre, request, centre.servers, fault=fault)
