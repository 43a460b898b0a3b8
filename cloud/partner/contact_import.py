"""Imports escalation contacts from a spreadsheet: preview, errors by row, all or nothing."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.translation import gettext as _

from cloud.base.tables import is_formula
from cloud.organisations.models import User
from cloud.partner.sheet import Row
from cloud.people.models import EscalationContact, Resident
from cloud.people.phone import e164
from cloud.people.signals import resident_changed
from cloud.screens.zone import zone_of

# The contract's maximum.
MOST_CONTACTS = 10
MOST_ERRORS = 200

Contact = tuple[str, str, str, str]


@dataclass(frozen=True)
class Change:
    """The contacts of one resident before and after."""

    resident: Resident
    before: tuple[Contact, ...]
    after: tuple[Contact, ...]


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
    """Return every visible contact, one a row; residents without contacts have an empty row."""
    table: list[tuple[object, ...]] = []
    for resident in Resident.objects.visible_to(user).present().prefetch_related("escalation_contacts"):
        contacts = [_as_tuple(each) for each in resident.escalation_contacts.all()] or [("", "", "", "")]
        table += [(resident.pk, str(resident), *each) for each in contacts]
    return table


def plan(user: User, rows: Iterable[Row]) -> Plan:
    """Plan the contacts of the residents in the table, in its order; others are not changed."""
    residents = Resident.objects.visible_to(user).select_related("organisation", "view")
    by_number = {str(each.pk): each for each in residents.prefetch_related("escalation_contacts")}
    after: dict[str, list[Contact]] = {}
    errors: list[tuple[int, str]] = []
    for row in rows:
        try:
            _take(row, by_number, after)
        except ValidationError as error:
            errors.append((row.line, " ".join(error.messages)))
            if len(errors) >= MOST_ERRORS:
                break
    changes = [
        Change(by_number[number], _before(by_number[number]), tuple(new)) for number, new in after.items()
    ]
    return Plan([change for change in changes if change.before != change.after], errors)


@transaction.atomic
def apply(made: Plan) -> None:
    """Apply the plan; devices, escalation and partner use it from then on."""
    for change in made.changes:
        EscalationContact.objects.filter(resident=change.resident).delete()
        EscalationContact.objects.bulk_create(
            EscalationContact(
                resident=change.resident,
                name=name,
                office_phone=office,
                other_phone=other,
                email=email,
                order=order,
            )
            for order, (name, office, other, email) in enumerate(change.after)
        )
        resident_changed.send(Resident, resident=change.resident)


def _take(row: Row, residents: Mapping[str, Resident], after: dict[str, list[Contact]]) -> None:
    if row.resident not in residents:
        raise ValidationError(_("there is no resident with this number"))
    contacts = after.setdefault(row.resident, [])
    if any((row.name, row.office_phone, row.other_phone, row.email)):
        contacts.append(_checked(row, zone_of(residents[row.resident]).key))
    if len(contacts) > MOST_CONTACTS:
        raise ValidationError(_("there can be at most ten escalation contacts"))


def _before(resident: Resident) -> tuple[Contact, ...]:
    return tuple(_as_tuple(each) for each in resident.escalation_contacts.all())


def _as_tuple(contact: EscalationContact) -> Contact:
    return contact.name, contact.office_phone, contact.other_phone, contact.email


def _checked(row: Row, time_zone: str) -> Contact:
    for value in row[1:]:
        if is_formula(str(value)):
            raise ValidationError(_("a formula is not taken"))
    if not row.name or len(row.name) > 150:
        raise ValidationError(_("a name is needed"))
    if row.email:
        validate_email(row.email)
    other = _number(row.other_phone, time_zone) if row.other_phone else ""
    return row.name, _number(row.office_phone, time_zone), other, row.email


@lru_cache(maxsize=100_000)
def _number(text: str, time_zone: str) -> str:
    return e164(text, time_zone=time_zone)
