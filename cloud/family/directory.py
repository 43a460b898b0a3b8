"""The directory of contacts: their residents, links, and last visits."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Max, QuerySet
from django.utils import timezone

from cloud.base.lists import containing
from cloud.calls import links
from cloud.calls.models import PersonalLink
from cloud.calls.presence import announce
from cloud.delivery.models import Delivery
from cloud.family import letters
from cloud.family.deciding import LINK_LIFETIME
from cloud.organisations.models import User
from cloud.people import former
from cloud.people.models import Contact, Relation, Resident
from cloud.people.signals import contact_changed, resident_changed

MOST_NAMES = 3


@dataclass(frozen=True)
class Row:
    """One contact of the list."""

    contact: Contact
    residents: list[Resident]
    link_until: datetime | None
    seen_at: datetime | None

    @property
    def named(self) -> list[Resident]:
        """Return the first of the contact's residents."""
        return self.residents[:MOST_NAMES]

    @property
    def more(self) -> int:
        """Return the number of further residents."""
        return max(0, len(self.residents) - MOST_NAMES)


def matching(user: User, words: str, only: str) -> QuerySet[Contact]:
    """Return visible contacts whose name, address or number contains all these words."""
    named = containing(words.replace("\0", ""), "first_name", "last_name", "email", "phone")
    rows = Contact.objects.visible_to(user).filter(named, anonymised_at=None)
    if only == "no-list":
        rows = rows.filter(relations=None)
    elif only == "no-link":
        rows = rows.exclude(pk__in=links.given().values("contact"))
    elif only == "locked":
        rows = rows.filter(locked=True)
    return rows.select_related("organisation", "photo").defer("photo__data")


def rows_of(user: User, contacts: list[Contact]) -> list[Row]:
    """Return the contacts with details; residents of other organisations are not included."""
    ids = [contact.pk for contact in contacts]
    residents: dict[int, list[Resident]] = {}
    known = Relation.objects.visible_to(user).filter(contact__in=ids).select_related("resident")
    for relation in known:
        residents.setdefault(relation.contact_id, []).append(relation.resident)
    until = dict(
        links.given().filter(contact__in=ids).values_list("contact").annotate(Max("expires_at")).order_by()
    )
    seen = last_seen(ids)
    return [Row(each, residents.get(each.pk, []), until.get(each.pk), seen.get(each.pk)) for each in contacts]


def last_seen(ids: list[int]) -> dict[int, datetime]:
    """Return when a page of each was last open, or their link was last used."""
    rows = PersonalLink.objects.filter(contact__in=ids).values_list("contact")
    found = rows.annotate(Max("seen_at"), Max("used_at")).order_by()
    return {contact: max(at for at in (seen, used) if at) for contact, seen, used in found if seen or used}


def put_on(pairs: list[tuple[Resident, Contact]], by: User) -> None:
    """Add contacts to lists, with previous settings. Inside the transaction."""
    for resident, contact in pairs:
        former.put_on(resident, contact, by)
    _tell(pairs)


def take_off(relations: list[Relation]) -> None:
    """Remove contacts from lists. Inside the transaction."""
    pairs = [(relation.resident, relation.contact) for relation in relations]
    for relation in relations:
        former.take_off(relation)
    _tell(pairs)


def send_link(contact: Contact, by: User) -> Delivery:
    """Send a contact's link, or a new one, by e-mail or text message."""
    link = links.given().filter(contact=contact).first()
    if link is None:
        link, _secret = links.make(contact, by=by, lifetime=LINK_LIFETIME)
        announce(contact)
    key = f"link/{link.pk}/{int(timezone.now().timestamp())}"
    return letters.link_again(link, key, by.language)


def set_locked(contact: Contact, *, is_locked: bool) -> None:
    """Lock or unlock; a locked contact leaves every screen and call (V8). Inside the transaction."""
    contact.locked = is_locked
    contact.save(update_fields=["locked"])
    contact_changed.send(Contact, contact=contact)


def _tell(pairs: list[tuple[Resident, Contact]]) -> None:
    for resident in {resident.pk: resident for resident, _contact in pairs}.values():
        resident_changed.send(Resident, resident=resident)
    for contact in {contact.pk: contact for _resident, contact in pairs}.values():
        contact_changed.send(Contact, contact=contact)
