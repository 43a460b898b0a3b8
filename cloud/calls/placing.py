"""Places a contact's call: checked here, then sent to the device, which checks again."""

from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from cloud.base.ice import ice_servers
from cloud.calls import audit_chain, call_permissions, missed, own, settings
from cloud.calls.ending import changed, end
from cloud.calls.errors import NotPlaced
from cloud.calls.models import Call, ForcedCallEntry, PersonalLink
from cloud.devices import commands
from cloud.devices.models import Device
from cloud.people.models import Contact, Relation
from device.contract.commands import ForcedCall, Ring
from device.contract.identity import new_id

RING_LIFETIME = timedelta(seconds=45)
# The screen shows for half a minute that a call was lost.
RESTORED_WITHIN = timedelta(seconds=40)
FORCED_LIFETIME = timedelta(seconds=20)
WINDOW = timedelta(minutes=10)
MOST_IN_WINDOW = 60
MOST_AT_ONCE = 6


@dataclass(frozen=True)
class PlannedCall:
    """A requested call; its ``offer`` is valid, and a forced one has a reason."""

    resident: int
    offer: str
    group: str
    is_forced: bool = False
    reason: str = ""
    reason_text: str = ""
    again: str | None = None


@transaction.atomic
def place(link: PersonalLink, page: str, wanted: PlannedCall) -> Call:
    """Place the call; where it ended at once, its ``why`` says so. Raises ``NotPlaced``."""
    contact = link.contact
    relation = call_permissions.find(contact, wanted.resident)
    if relation is None:
        raise NotPlaced("not-allowed")
    replaced = _let_go(link, page, wanted)
    _not_too_many(contact)
    device = call_permissions.device_of(relation.resident)
    if device is None:
        raise NotPlaced("not-in-use")
    call = _begin(link, page, wanted, relation, device)
    why = _why_not(relation, device, wanted)
    if why:
        call.state, call.why, call.ended_at = Call.State.ENDED, why, call.offered_at
    call.save(force_insert=True)
    if wanted.is_forced:
        audit_chain.note(call, ForcedCallEntry.What.REFUSED if why else ForcedCallEntry.What.ASKED)
    if why:
        missed.note(call)
    else:
        _ask(call, device, wanted, contact, replaced)
    changed(call)
    return call


def _let_go(link: PersonalLink, page: str, wanted: PlannedCall) -> str | None:
    """End what is left of the page's own call that broke off just now; return its id for the device."""
    if wanted.again is None or wanted.is_forced:
        return None
    own = Call.objects.filter(pk=wanted.again, link=link, page=page, resident=wanted.resident)
    broken = own.exclude(kind__in=(Call.Kind.FORCED, Call.Kind.SERVICE)).exclude(connected_at=None).first()
    if broken is None:
        return None
    if broken.is_open:
        end(broken.pk, "gone", tell_device=False)
    elif broken.why != "gone" or timezone.now() - (broken.ended_at or broken.offered_at) > RESTORED_WITHIN:
        return None
    return broken.pk


def _not_too_many(contact: Contact) -> None:
    mine = Call.objects.filter(contact=contact)
    lately = mine.filter(offered_at__gt=timezone.now() - WINDOW).count()
    if lately >= MOST_IN_WINDOW or mine.exclude(state=Call.State.ENDED).count() >= MOST_AT_ONCE:
        raise NotPlaced("too-many")


def _begin(link: PersonalLink, page: str, wanted: PlannedCall, relation: Relation, device: Device) -> Call:
    now = timezone.now()
    resident = relation.resident
    return Call(
        id=new_id(now),
        kind=Call.Kind.FORCED if wanted.is_forced else Call.Kind.ORDINARY,
        group=wanted.group,
        organisation=resident.organisation,
        resident=resident,
        device=device,
        contact=link.contact,
        link=link,
        page=page,
        reason=wanted.reason if wanted.is_forced else "",
        reason_text=wanted.reason_text if wanted.is_forced else "",
        offered_at=now,
        limit_min=settings.limit_min(resident),
        heard_at=now,
    )


def _why_not(relation: Relation, device: Device, wanted: PlannedCall) -> str:
    if wanted.is_forced and (refused := call_permissions.refusal(relation)):
        return refused
    if device.use != Device.Use.IN_USE:
        return "not-in-use"
    return "" if device.online else "not-reachable"


def _ask(call: Call, device: Device, wanted: PlannedCall, contact: Contact, replaced: str | None) -> None:
    servers = ice_servers(device.pk, call.offered_at)
    answers_help = own.answers_help(contact, call.resident)
    if not wanted.is_forced:
        ring = Ring(
            call_id=call.pk,
            contact_id=str(contact.pk),
            name=str(contact)[:150],
            offer=wanted.offer,
            ice_servers=servers,
            limit_min=call.limit_min,
            answers_help=answers_help,
            replaces=replaced,
        )
        commands.issue(device, ring, by=None, lifetime=RING_LIFETIME)
        return
    force = ForcedCall(
        call_id=call.pk,
        contact_id=str(contact.pk),
        name=str(contact)[:150],
        role=contact.role,  # type: ignore[arg-type]
        reason=call.reason,  # type: ignore[arg-type]
        reason_text=call.reason_text,
        offer=wanted.offer,
        ice_servers=servers,
        limit_min=call.limit_min,
        answers_help=answers_help,
    )
    commands.issue(device, force, by=None, lifetime=FORCED_LIFETIME)
