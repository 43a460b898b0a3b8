"""How each contact can be reached by a call, as the desk's list of people says it."""

from collections.abc import Iterable
from typing import NamedTuple

from django.utils.translation import gettext as _

from cloud.calls import links, own, presence
from cloud.people.models import Contact


class Reach(NamedTuple):
    """The words, and the style of the pill that shows them."""

    style: str
    words: str


def beside_people(contacts: Iterable[Contact]) -> dict[str, object]:
    """Return ``reach`` by contact; contacts that no call can reach are never shown as available."""
    known = list(contacts)
    ids = [each.pk for each in known]
    reachable = set(links.valid().filter(contact__in=ids).values_list("contact", flat=True))
    shown = presence.presences(known, reachable)
    staff = own.staff_among(ids)

    def reach(contact: Contact) -> Reach:
        if contact.pk in reachable:
            is_rung = shown[contact.pk] == presence.CAN_BE_RUNG
            return Reach("available", _("phone rings")) if is_rung else _as_entered(shown[contact.pk])
        return _as_entered(Contact.Presence.AWAY) if contact.pk in staff else Reach("", _("no link"))

    return {"reach": {each.pk: reach(each) for each in known}}


def _as_entered(shown: str) -> Reach:
    return Reach(shown, str(Contact.Presence(shown).label))
