"""Which residents a contact may call, and their current availability."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from django.db.models import QuerySet
from django.utils import timezone

from cloud.calls import own, rights, settings
from cloud.calls.models import Call
from cloud.calls.words import BY_DESK
from cloud.devices.models import Device
from cloud.people.models import Contact, Relation, Resident
from cloud.screens.zone import zone_of

Reach = Literal["ready", "in-call", "not-reachable", "not-in-use"]


@dataclass(frozen=True)
class CallableResident:
    """A resident that a contact may call."""

    relation: Relation
    reach: Reach
    may_force: bool

    @property
    def resident(self) -> Resident:
        """Return the resident of the relation."""
        return self.relation.resident


def callable_residents(contact: Contact) -> list[CallableResident]:
    """Return every resident that this contact may call, by name."""
    relations = list(_relations(contact).order_by("resident__first_name", "resident__last_name", "pk"))
    listed = [relation.resident_id for relation in relations]
    others = own.residents_of(contact).exclude(pk__in=listed).select_related("organisation", "device", "care")
    relations += [own.relation_to(contact, each) for each in others[: own.MOST_RESIDENTS]]
    calling = set(
        Call.objects.filter(resident__in=[relation.resident_id for relation in relations])
        .filter(state__in=(Call.State.ANSWERED, Call.State.CONNECTED))
        .values_list("resident", flat=True)
    )
    return [
        CallableResident(
            relation,
            _reach(relation.resident, is_calling=relation.resident_id in calling),
            may_force=permanent_refusal(relation) is None,
        )
        for relation in relations
    ]


def find(contact: Contact, resident: int) -> Relation | None:
    """Return the relation that permits this contact to call this resident, or None."""
    listed = _relations(contact).filter(resident=resident).first()
    if listed:
        return listed
    other = own.residents_of(contact).filter(pk=resident).select_related("organisation").first()
    return own.relation_to(contact, other) if other else None


def device_of(resident: Resident) -> Device | None:
    """Return the resident's current device."""
    return Device.objects.filter(resident=resident).exclude(certificate_pem="").first()


def refusal(relation: Relation, now: datetime | None = None) -> rights.Refusal | None:
    """Return why this contact may not make a forced call to this resident now, or None."""
    local = (now or timezone.now()).astimezone(zone_of(relation.resident))
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
    today = (
        Call.objects.filter(resident=relation.resident, kind=Call.Kind.FORCED, offered_at__gte=midnight)
        .exclude(why__in=BY_DESK)
        .count()
    )
    return rights.refusal(_permission(relation), settings.caller(relation), local.time(), today)


def permanent_refusal(relation: Relation) -> rights.Refusal | None:
    """Return why this contact may never make a forced call to this resident, or None."""
    return rights.permanent_refusal(_permission(relation), settings.caller(relation))


def _relations(contact: Contact) -> QuerySet[Relation]:
    return Relation.objects.filter(contact=contact).select_related(
        "contact", "resident__organisation", "resident__care", "resident__device"
    )


def _reach(resident: Resident, *, is_calling: bool) -> Reach:
    """Return whether the resident's screen would ring now."""
    device = getattr(resident, "device", None)
    if device is None or not device.is_enrolled or device.use != Device.Use.IN_USE:
        return "not-in-use"
    if not device.online:
        return "not-reachable"
    return "in-call" if is_calling else "ready"


def _permission(relation: Relation) -> rights.Permission:
    return settings.permission(getattr(relation.resident, "care", None))
