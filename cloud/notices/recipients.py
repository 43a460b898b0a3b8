"""Determines a notice's recipients when it is sent, without duplicates (N3, N4, N5)."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, time

from django.db.models import Q, QuerySet, Value
from django.db.models.functions import Concat
from django.utils import timezone

from cloud.delivery.outbox import Address
from cloud.notices.models import ContractContact, Notice, NoticeRule, Recipient
from cloud.organisations.models import Organisation, User
from cloud.people.models import Contact


@dataclass(frozen=True)
class Somebody:
    """A recipient; ``key`` is the same whichever rule found them. ``language`` may be unknown."""

    key: str
    name: str
    language: str
    addresses: tuple[Address, ...]
    quiet_from: time | None = None
    quiet_until: time | None = None


def of_notice(notice: Notice, rules: Iterable[NoticeRule]) -> list[tuple[NoticeRule, Somebody]]:
    """Return each recipient once, with the first matching rule; an address is used for one person only."""
    once = _Once()
    found = ((rule, once.take(each)) for rule in rules for each in _of_rule(notice, rule))
    return [(rule, somebody) for rule, somebody in found if somebody]


# A further address of a contact, from domains above.
Find = Callable[[Contact], Address | None]
_others: list[Find] = []


def also_by(find: Find) -> None:
    """Register a function that finds an address to try before the others."""
    _others.append(find)


def each_once(people: Iterable[Somebody]) -> Iterator[Somebody]:
    """Yield people without duplicate persons or addresses."""
    once = _Once()
    return (somebody for somebody in map(once.take, people) if somebody)


class _Once:
    """The people and addresses seen so far."""

    def __init__(self) -> None:
        self._people: set[str] = set()
        self._used: set[tuple[str, str]] = set()

    def take(self, somebody: Somebody) -> Somebody | None:
        """Return the person with their unused addresses; None where none is left."""
        new = [each for each in somebody.addresses if (each.kind, each.value.casefold()) not in self._used]
        if somebody.key in self._people or (somebody.addresses and not new):
            return None
        self._people.add(somebody.key)
        self._used |= {(each.kind, each.value.casefold()) for each in new}
        return replace(somebody, addresses=tuple(new))


def _of_rule(notice: Notice, rule: NoticeRule) -> Iterator[Somebody]:
    match rule.to:
        case NoticeRule.To.PERSON:
            if rule.person:
                yield _recipient(rule.person)
        case NoticeRule.To.ROLE:
            users = User.objects.filter(
                grants__role=rule.role, grants__organisation__in=notice.organisation.line
            )
            yield from _users(users)
        case NoticeRule.To.PERFORMER:
            yield from _called(notice.values.get("performer", ""), notice.organisation)
        case NoticeRule.To.MAIN:
            yield from _contacts(notice, Q(is_main=True))
        case NoticeRule.To.NOTIFIED:
            yield from _contacts(notice, Q(is_notified=True))
        case NoticeRule.To.CONTRACT_MAIN | NoticeRule.To.CONTRACT:
            is_main = rule.to == NoticeRule.To.CONTRACT_MAIN
            yield from _of_contracts(notice, Q(is_main=True) if is_main else Q(is_notified=True))


def _users(rows: QuerySet[User]) -> Iterator[Somebody]:
    for user in rows.filter(is_active=True).exclude(email="").order_by("pk").distinct():
        yield Somebody(f"user-{user.pk}", str(user), user.language, (Address("email", user.email),))


def _called(name: str, organisation: Organisation) -> Iterator[Somebody]:
    """Yield people and users of the organisation, and of those above it, with this name."""
    if not name:
        return
    rows = Recipient.serving(organisation).filter(contact=None, name__iexact=name)
    for row in rows.prefetch_related("addresses").order_by("pk"):
        yield _recipient(row)
    full = Concat("first_name", Value(" "), "last_name")
    users = User.objects.annotate(full=full).filter(full__iexact=name, organisation__in=organisation.line)
    yield from _users(users)


def _contacts(notice: Notice, which: Q) -> Iterator[Somebody]:
    rows = Recipient.objects.filter(
        which, contact__relations__resident=notice.resident_id, contact__locked=False,
        contact__anonymised_at=None,
    )  # fmt: skip
    if notice.resident_id is not None:
        rows = rows.select_related("contact__organisation").prefetch_related("addresses")
        for row in rows.order_by("pk").distinct():
            yield _recipient(row)


def _of_contracts(notice: Notice, which: Q) -> Iterator[Somebody]:
    """Yield the contacts of the contracts that cover the resident on the day of the event."""
    if notice.resident_id is None:
        return
    links = _contacts_on(timezone.localdate(notice.at)).filter(
        which, contract__covered__resident=notice.resident_id
    )
    reached = Q(contact=None) | Q(contact__locked=False, contact__anonymised_at=None)
    rows = Recipient.objects.filter(reached, pk__in=links.values("recipient"))
    for row in rows.select_related("contact__organisation").prefetch_related("addresses").order_by("pk"):
        yield _recipient(row)


def _contacts_on(day: date) -> QuerySet[ContractContact]:
    """Return the contacts of the contracts that are in force on this day."""
    unended = Q(contract__ends=None) | Q(contract__ends__gte=day)
    return ContractContact.objects.filter(unended, contract__begins__lte=day)


def _recipient(row: Recipient) -> Somebody:
    addresses = [Address(each.kind, each.value) for each in row.addresses.all()]
    if not addresses and row.contact and row.contact.email:
        addresses = [Address("email", row.contact.email)]
    if row.contact:
        addresses = [*_of_others(row.contact), *addresses]
    return Somebody(
        f"recipient-{row.pk}", row.name, row.language, tuple(addresses), row.quiet_from, row.quiet_until
    )


def of_contact(contact: Contact) -> Somebody:
    """Return a resident's contact as a recipient, with or without notification settings."""
    recipient = getattr(contact, "recipient", None)
    if recipient:
        return _recipient(recipient)
    addresses = [Address("email", contact.email)] if contact.email else []
    return Somebody(f"contact-{contact.pk}", str(contact), "", (*_of_others(contact), *addresses))


def _of_others(contact: Contact) -> Iterator[Address]:
    return (address for find in _others if (address := find(contact)))


def contacts_of(organisation: Organisation) -> QuerySet[Contact]:
    """Return the organisation's contacts who can be notified."""
    return Contact.objects.filter(organisation=organisation, anonymised_at=None)


def same_address(recipient: Recipient, addresses: Iterable[Address]) -> Recipient | Contact | None:
    """Return an existing recipient or contact with one of these addresses (N5)."""
    for each in addresses:
        held = Q(addresses__kind=each.kind, addresses__value__iexact=each.value)
        others = Recipient.objects.filter(held, organisation=recipient.organisation).exclude(pk=recipient.pk)
        if other := others.first():
            return other
        name = "email__iexact" if each.kind == "email" else "phone"
        contacts = Contact.objects.filter(**{name: each.value}, organisation=recipient.organisation)
        free = contacts.filter(anonymised_at=None, recipient=None)
        if recipient.contact_id is None and (contact := free.first()):
            return contact
    return None
