"""Whom the ladder tells beyond a resident's own contacts; another domain registers it."""

from collections.abc import Callable

from cloud.help.escalation import Contact
from cloud.help.models import HelpRequest, Partner
from cloud.people.models import Resident

Contacts = Callable[[HelpRequest, list[Contact]], list[Contact]]
IsTold = Callable[[Partner, Resident | None], bool]

_contacts: list[Contacts] = []
_is_told: list[IsTold] = []


def register(contacts: Contacts, is_told: IsTold) -> None:
    """Adds who is told before or instead of the contacts, and of whom a partner is told."""
    _contacts[:] = [contacts]
    _is_told[:] = [is_told]


def contacts_of(request: HelpRequest, fixed: list[Contact]) -> list[Contact]:
    """The contacts of this request, the first to be told first."""
    for each in _contacts:
        fixed = each(request, fixed)
    return fixed


def partner_is_told(partner: Partner, resident: Resident | None) -> bool:
    """Whether this partner is told of this resident."""
    return all(each(partner, resident) for each in _is_told)
