"""Imports residents' own data and contacts from a spreadsheet: preview, errors by row, all or nothing."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.translation import gettext as _

from cloud.base.tables import is_formula
from cloud.devices.documents import refresh_residents
from cloud.devices.models import Device
from cloud.messages.models import ResidentPhone
from cloud.organisations.models import User
from cloud.partner import readiness
from cloud.partner.sheet import RESIDENT, Row
from cloud.people.models import EscalationContact, Resident, ResidentHome
from cloud.people.phone import e164, takes_text_messages
from cloud.people.signals import resident_changed
from cloud.screens.zone import zone_of
from device.contract.documents import Document

# The contract's maximum.
MOST_CONTACTS = 10
MOST_ERRORS = 200
# More residents than these are changed in several transactions, between which calls for help are written.
MOST_WITHIN = 20
BATCH = 50
# The documents that escalation contacts are in, and those that depend on the resident's own number.
CONTACTS_IN: tuple[Document, ...] = ("policy",)
NUMBER_IN: tuple[Document, ...] = ("messages",)

Role = EscalationContact.Role
# Role, name, number in office hours, number at other times, e-mail address. The resident comes first: without
# a name, and with one number.
Contact = tuple[str, str, str, str, str]


@dataclass(frozen=True)
class Change:
    """A resident's own data and contacts before and after."""

    resident: Resident
    before: tuple[Contact, ...]
    after: tuple[Contact, ...]

    @property
    def lines_before(self) -> list[str]:
        """Return what is stored, a line for the resident and for each contact."""
        return _lines(self.before)

    @property
    def lines_after(self) -> list[str]:
        """Return what would be stored."""
        return _lines(self.after)


@dataclass(frozen=True)
class Plan:
    """The effect of an import; none with errors."""

    changes: list[Change]
    errors: list[tuple[int, str]]

    @property
    def digest(self) -> str:
        """Return a digest of the preview: a change in between makes it another plan."""
        said = repr([(change.resident.pk, change.before, change.after) for change in self.changes])
        return hashlib.sha256(said.encode()).hexdigest()


def export(user: User) -> list[tuple[object, ...]]:
    """Return every visible resident and contact, one a row."""
    table: list[tuple[object, ...]] = []
    for resident in _with_contacts(user):
        table += [(resident.pk, str(resident), *each) for each in _before(resident)]
    return table


def plan(user: User, rows: Iterable[Row]) -> Plan:
    """Plan the contacts of the residents in the table, in its order; others are not changed."""
    by_number = {str(each.pk): each for each in _with_contacts(user)}
    after: dict[str, list[Contact]] = {}
    errors: list[tuple[int, str]] = []
    for row in rows:
        try:
            _take(row, by_number, after)
        except ValidationError as error:
            errors.append((row.line, " ".join(error.messages)))
            if len(errors) >= MOST_ERRORS:
                break
    changes = [_change(by_number[number], new) for number, new in after.items()]
    return Plan([change for change in changes if change.before != change.after], errors)


def _lines(contacts: tuple[Contact, ...]) -> list[str]:
    labels = {RESIDENT: _("the resident"), Role.ADMINISTRATOR: Role.ADMINISTRATOR.label}
    return [
        " · ".join(str(word) for word in (*rest, labels.get(role)) if word)
        for role, *rest in contacts
        if any(rest)
    ]


def _change(resident: Resident, new: list[Contact]) -> Change:
    before = _before(resident)
    own = [each for each in new if each[0] == RESIDENT] or [before[0]]
    return Change(resident, before, (*own, *(each for each in new if each[0] != RESIDENT)))


@transaction.atomic
def apply(made: Plan) -> None:
    """Apply a small plan at once; devices, escalation and partner use it from then on."""
    _write(made.changes)
    for change in made.changes:
        resident_changed.send(Resident, resident=change.resident)


def apply_batch(changes: Sequence[Change]) -> None:
    """Apply a part of a large plan in short transactions; applying it once more changes nothing."""
    with transaction.atomic():
        _write(changes)
    residents = [change.resident for change in changes]
    refresh_residents(residents, CONTACTS_IN)
    refresh_residents([each.resident for each in changes if each.before[0] != each.after[0]], NUMBER_IN)
    in_use = Device.objects.filter(resident__in=residents, use=Device.Use.IN_USE).values("resident")
    readiness.look_at(list(Resident.objects.filter(pk__in=in_use).select_related("organisation")))


def _write(changes: Sequence[Change]) -> None:
    residents = [change.resident for change in changes]
    EscalationContact.objects.filter(resident__in=residents).delete()
    EscalationContact.objects.bulk_create(
        EscalationContact(
            resident=change.resident,
            role=role,
            name=name,
            office_phone=office,
            other_phone=other,
            email=email,
            order=order,
        )
        for change in changes
        for order, (role, name, office, other, email) in enumerate(change.after[1:])
    )
    for change in changes:
        if change.before[0] != change.after[0]:
            _write_own(change.resident, change.after[0])


def _write_own(resident: Resident, own: Contact) -> None:
    _role, _name, number, _other, email = own
    ResidentHome.objects.update_or_create(resident=resident, defaults={"email": email})
    if number:
        ResidentPhone.objects.update_or_create(resident=resident, defaults={"number": number})
    else:
        ResidentPhone.objects.filter(resident=resident).delete()


def _with_contacts(user: User) -> Iterable[Resident]:
    rows = Resident.objects.visible_to(user).present()
    rows = rows.select_related("organisation", "view", "home", "own_phone")
    return rows.prefetch_related("escalation_contacts")


def _take(row: Row, residents: Mapping[str, Resident], after: dict[str, list[Contact]]) -> None:
    if row.resident not in residents:
        raise ValidationError(_("there is no resident with this number"))
    contacts = after.setdefault(row.resident, [])
    time_zone = zone_of(residents[row.resident]).key
    if row.role.casefold() == RESIDENT:
        if any(each[0] == RESIDENT for each in contacts):
            raise ValidationError(_("the resident is there twice"))
        contacts.append(_own(row, time_zone))
    elif any((row.name, row.office_phone, row.other_phone, row.email)):
        contacts.append(_checked(row, time_zone))
    if sum(each[0] != RESIDENT for each in contacts) > MOST_CONTACTS:
        raise ValidationError(_("there can be at most ten escalation contacts"))


def _before(resident: Resident) -> tuple[Contact, ...]:
    phone, home = getattr(resident, "own_phone", None), getattr(resident, "home", None)
    own = (RESIDENT, "", phone.number if phone else "", "", home.email if home else "")
    return (own, *(_as_tuple(each) for each in resident.escalation_contacts.all()))


def _as_tuple(contact: EscalationContact) -> Contact:
    return contact.role, contact.name, contact.office_phone, contact.other_phone, contact.email


def _own(row: Row, time_zone: str) -> Contact:
    """Return the resident's own number and address; the name is edited on the resident's page."""
    if row.name or row.other_phone:
        raise ValidationError(_("the row of a resident has one number and no name of a contact"))
    number = _number(row.office_phone, time_zone) if row.office_phone else ""
    if number and not takes_text_messages(number):
        raise ValidationError(_("%(number)s takes no text messages.") % {"number": number})
    if row.email:
        validate_email(row.email)
    return RESIDENT, "", number, "", row.email


def _checked(row: Row, time_zone: str) -> Contact:
    for value in row[1:]:
        if is_formula(str(value)):
            raise ValidationError(_("a formula is not taken"))
    if not row.name or len(row.name) > 150:
        raise ValidationError(_("a name is needed"))
    role = row.role.casefold() or Role.RESPONDER
    if role not in Role.values:
        raise ValidationError(_("a role is user, responder or administrator"))
    if row.email:
        validate_email(row.email)
    other = _number(row.other_phone, time_zone) if row.other_phone else ""
    return str(role), row.name, _number(row.office_phone, time_zone), other, row.email


@lru_cache(maxsize=100_000)
def _number(text: str, time_zone: str) -> str:
    return e164(text, time_zone=time_zone)
