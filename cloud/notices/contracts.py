"""Contracts that residents are served under, and what follows from a resident's move."""

from django.db.models import QuerySet
from django.utils import timezone

from cloud.notices.models import Contract, ContractResident, Recipient
from cloud.organisations.models import Organisation
from cloud.people.models import Resident


def beside_resident(resident: Resident) -> dict[str, object]:
    """Return the contracts of a resident with their contacts, and today, for the resident's page."""
    rows = Contract.objects.filter(covered__resident=resident).prefetch_related("contacts__recipient")
    today = timezone.localdate()
    return {"contracts": [(row, row.holds_on(today)) for row in rows]}


def follow_move(*, resident: Resident, **_signal: object) -> None:
    """Take a resident who has moved out of contracts that do not serve their new organisation."""
    rows = ContractResident.objects.filter(resident=resident)
    rows.exclude(contract__organisation__in=resident.organisation.line).delete()


def forget(resident: Resident) -> None:
    """Take a resident out of their contracts, and delete those that nobody is served under any more."""
    rows = ContractResident.objects.filter(resident=resident)
    contracts = list(rows.values_list("contract", flat=True))
    rows.delete()
    Contract.objects.filter(pk__in=contracts, covered=None).delete()


def is_number_taken(number: str, organisation: Organisation, contract: Contract) -> bool:
    """Return whether another contract of the organisation has this number."""
    rows = Contract.objects.filter(organisation=organisation, number=number)
    return rows.exclude(pk=contract.pk).exists()


def possible_contacts(contract: Contract) -> QuerySet[Recipient]:
    """Return the people of the organisation and those above it who are no contact of the contract yet."""
    return Recipient.serving(contract.organisation).exclude(contracts__contract=contract)
