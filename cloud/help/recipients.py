"""Additional recipients of notifications, registered by another domain."""

from collections.abc import Callable

from cloud.help.escalation import Contact
from cloud.help.models import HelpRequest, Partner
from cloud.people.models import Resident

Contacts = Callable[[HelpRequest, list[Contact]], list[Contact]]
IsNotified = Callable[[Partner, Resident | None], bool]
IsAtOnce = Callable[[HelpRequest], bool]

_contacts: list[Contacts] = []
_is_notified: list[IsNotified] = []
_is_at_once: list[IsAtOnce] = []


def register(contacts: Contacts, is_notified: IsNotified, is_at_once: IsAtOnce) -> None:
    """Register who is notified before or instead of the contacts, and whether and when the partner is."""
    _contacts[:] = [contacts]
    _is_notified[:] = [is_notified]
    _is_at_once[:] = [is_at_once]


def contacts_of(request: HelpRequest, fixed: list[Contact]) -> list[Contact]:
    """Return the contacts of this request in the order of notification."""
    for each in _contacts:
        fixed = each(request, fixed)
    return fixed


def partner_is_notified(partner: Partner, resident: Resident | None) -> bool:
    """Return whether this partner is notified of this resident's requests."""
    return all(each(partner, resident) for each in _is_notified)


def partner_is_notified_at_once(request: HelpRequest) -> bool:
    """Return whether the partner is notified of the request without waiting for the board."""
    return any(each(request) for each in _is_at_once)
