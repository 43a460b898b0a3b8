"""Recipients of unconfirmed reminders: relatives, then staff on duty (K6)."""

from collections.abc import Callable, Iterator
from datetime import datetime

from cloud.messages.models import Message
from cloud.notices.recipients import Somebody, each_once, of_contact
from cloud.organisations.models import Organisation
from cloud.people.models import Contact, Relation

OnDuty = Callable[[Organisation, datetime], list[Somebody]]
_on_duty: list[OnDuty] = []


def register(on_duty: OnDuty) -> None:
    """Register who is on duty; another domain has the rota."""
    _on_duty[:] = [on_duty]


def people_of(message: Message, now: datetime) -> list[Somebody]:
    """Return all recipients with an address, favourites first, without duplicates."""
    return list(each_once(each for each in _in_order(message, now) if each.addresses))


def _in_order(message: Message, now: datetime) -> Iterator[Somebody]:
    relations = Relation.objects.filter(
        resident=message.resident_id, contact__role=Contact.Role.RELATIVE, contact__locked=False
    )
    rows = relations.select_related("contact__recipient", "contact__organisation").order_by(
        "-favourite", "order", "pk"
    )
    for row in rows.prefetch_related("contact__recipient__addresses"):
        yield of_contact(row.contact)
    for on_duty in _on_duty:
        yield from on_duty(message.resident.organisation, now)
