"""A call of a partner's alarm centre to a screen that has asked for help: by telephone, no page (S1)."""

from django.db import transaction
from django.utils import timezone

from cloud.base.ice import ice_servers
from cloud.calls import missed, settings
from cloud.calls.ending import changed
from cloud.calls.models import Call
from cloud.calls.placing import RING_LIFETIME
from cloud.devices import commands
from cloud.devices.models import Device
from cloud.people.models import Contact, Resident
from device.contract.commands import Ring
from device.contract.identity import new_id


@transaction.atomic
def place(contact: Contact, resident: Resident, holder: str, offer: str) -> Call:
    """The call as it begins, or as it ended at once: ``why`` says so. ``holder`` keeps it alive."""
    device = Device.objects.filter(resident=resident).exclude(certificate_pem="").first()
    if device is None:
        raise Device.DoesNotExist
    now = timezone.now()
    call = Call(
        id=new_id(now),
        kind=Call.Kind.ORDINARY,
        group=holder,
        organisation=resident.organisation,
        resident=resident,
        device=device,
        contact=contact,
        page=holder,
        offered_at=now,
        limit_min=settings.limit_min(resident),
        heard_at=now,
    )
    is_in_use = device.use == Device.Use.IN_USE
    if not is_in_use or not device.online:
        call.state, call.ended_at = Call.State.ENDED, now
        call.why = "not-reachable" if is_in_use else "not-in-use"
    call.save(force_insert=True)
    if call.why:
        missed.note(call)
    else:
        _ring(call, contact, offer)
    changed(call)
    return call


def keep(call: Call) -> Call:
    """Says that the centre's end lives; the call as it is now."""
    Call.objects.filter(pk=call.pk).exclude(state=Call.State.ENDED).update(heard_at=timezone.now())
    return Call.objects.get(pk=call.pk)


def _ring(call: Call, contact: Contact, offer: str) -> None:
    ring = Ring(
        call_id=call.pk,
        contact_id=str(contact.pk),
        name=str(contact)[:150],
        offer=offer,
        ice_servers=ice_servers(call.device_id, call.offered_at),
        limit_min=call.limit_min,
        answers_help=True,
    )
    commands.issue(call.device, ring, by=None, lifetime=RING_LIFETIME)
