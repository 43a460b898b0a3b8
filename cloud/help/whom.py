"""Whom the ladder tells beyond a resident's own contacts; another domain registers it."""

from collections.abc import Callable

from cloud.help.escalation import Contact
from cloud.help.models import HelpRequest, Partner
from cloud.people.models import Resident

Contacts = Callable[[HelpRequest, list[Contact]], list[Contact]]
IsTold = Callable[[Partner, Resident | None], bool]
IsAtOnce = Callable[[HelpRequest], bool]

_contacts: list[Contacts] = []
_is_told: list[IsTold] = []
_is_at_once: list[IsAtOnce] = []


def register(contacts: Contacts, is_told: IsTold, is_at_once: IsAtOnce) -> None:
    """Adds who is told before or instead of the contacts, of whom a partner is told, and when at once."""
    _contacts[:] = [contacts]
    _is_told[:] = [is_told]
    _is_at_once[:] = [is_at_once]


def contacts_of(request: HelpRequest, fixed: list[Contact]) -> list[Contact]:
    """The contacts of this request, the first to be told first."""
    for each in _contacts:
        fixed = each(request, fixed)
    return fixed


def partner_is_told(partner: Partner, resident: Resident | None) -> bool:
    """Whether this partner is told of this resident."""
    return all(each(partner, resident) for each in _is_told)


def partner_is_told_at_once(request: HelpRequest) -> bool:
    """Whether the partner is told of this request without waiting for the board."""
    return any(each(request) for each in _is_at_once)
