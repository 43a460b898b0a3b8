"""Compares the partner's list of residents with those monitored here, in both directions (S4)."""

import re
from dataclasses import dataclass

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from cloud.help.models import Partner
from cloud.organisations.models import Organisation
from cloud.partner.models import Registration, number_of
from cloud.partner.number_list import read_numbers
from cloud.people.models import Resident

MOST_NUMBERS = 50_000
_NUMBER = re.compile(r"[0-9]{1,16}")


@dataclass(frozen=True)
class Drift:
    """Residents on one side only; ``both`` are on both."""

    both: list[Registration]
    unknown_there: list[Registration]
    unknown_here: list[str]


def read(text: str) -> set[str]:
    """Return the numbers in the partner's list of residents. Raises ``NotAList``."""
    return read_numbers(text, _NUMBER, MOST_NUMBERS)


def monitored_in(organisation: Organisation) -> QuerySet[Registration]:
    """Return the registrations of the residents monitored in this organisation and below, by name.

    Those who have none yet get one.
    """
    residents = Resident.objects.present().filter(
        organisation__path__startswith=organisation.path, care__monitored=True
    )
    new = [
        Registration(resident=each, number=number_of(each)) for each in residents.filter(registration=None)
    ]
    # Of two who open the page at once, one makes them.
    Registration.objects.bulk_create(new, ignore_conflicts=True)
    rows = Registration.objects.filter(resident__in=residents).select_related("resident")
    return rows.order_by("resident__last_name", "resident__first_name", "resident")


def compare(organisation: Organisation, there: set[str]) -> Drift:
    """Compare the partner's list with the residents monitored in this organisation and below."""
    here = list(monitored_in(organisation))
    numbers = {each.number for each in here}
    return Drift(
        both=[each for each in here if each.number in there],
        unknown_there=[each for each in here if each.number not in there],
        unknown_here=sorted(there - numbers),
    )


@transaction.atomic
def reconcile(organisation: Organisation, there: set[str]) -> Drift:
    """Confirm residents on both sides, and revoke all other confirmations."""
    drift = compare(organisation, there)
    known = [each.pk for each in drift.both]
    rows = Registration.objects.filter(resident__organisation__path__startswith=organisation.path)
    rows.filter(pk__in=known, confirmed_at=None).update(confirmed_at=timezone.now())
    rows.exclude(pk__in=known).update(confirmed_at=None)
    return drift


def confirm(organisation: Organisation, there: set[str]) -> Drift:
    """Confirm residents that both sides know; an import never withdraws a confirmation."""
    drift = compare(organisation, there)
    rows = Registration.objects.filter(pk__in=[each.pk for each in drift.both], confirmed_at=None)
    rows.update(confirmed_at=timezone.now())
    return drift


def is_notified(partner: Partner, resident: Resident | None) -> bool:
    """Return whether the partner is notified of this resident's alarms."""
    return not partner.only_registered or is_confirmed(resident)


def is_taken(number: str, own: Registration) -> bool:
    """Return whether another resident has this number."""
    return Registration.objects.filter(number=number).exclude(pk=own.pk).exists()


def is_confirmed(resident: Resident | None) -> bool:
    """Return whether the partner has confirmed this resident."""
    rows = Registration.objects.filter(resident=resident) if resident else Registration.objects.none()
    return rows.exclude(confirmed_at=None).exists()
