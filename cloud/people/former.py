"""Contacts removed from a resident's list; added again within a month, their settings are restored (V15)."""

from datetime import timedelta

from django.utils import timezone

from cloud.organisations.models import User
from cloud.people import forced_calls
from cloud.people.models import Contact, FormerRelation, Relation, Resident

KEPT = timedelta(days=30)
_SETTINGS = ("words", "favourite", "visible_to_resident")


def take_off(relation: Relation) -> None:
    """Remove a contact from the list. Inside the transaction."""
    facts = {name: getattr(relation, name) for name in (*_SETTINGS, "may_force_call")}
    FormerRelation.objects.update_or_create(
        resident=relation.resident,
        contact=relation.contact,
        defaults={**facts, "ended_at": timezone.now()},
    )
    relation.delete()


def put_on(resident: Resident, contact: Contact, by: User) -> Relation:
    """Add a contact at the end of the list, with previous settings if there are any. Inside the transaction.

    A right to forced calls is restored when a second person confirms it.
    """
    kept = FormerRelation.objects.filter(resident=resident, contact=contact)
    former = kept.filter(ended_at__gt=timezone.now() - KEPT).first()
    facts = {name: getattr(former, name) for name in _SETTINGS} if former else {}
    facts["order"] = resident.relations.count()
    relation, _is_new = Relation.objects.get_or_create(resident=resident, contact=contact, defaults=facts)
    kept.delete()
    if former and former.may_force_call and not relation.may_force_call:
        forced_calls.propose_right(relation, by)
    return relation


def forget() -> None:
    """Delete settings that are too old to be restored."""
    FormerRelation.objects.filter(ended_at__lt=timezone.now() - KEPT).delete()
