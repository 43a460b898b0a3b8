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
    shown = presence.presences(known)
    reachable = set(links.valid().filter(contact__in=shown).values_list("contact", flat=True))
    return {"reach": {each.pk: _reach(each, shown[each.pk], each.pk in reachable) for each in known}}


def _reach(contact: Contact, shown: str, is_reachable: bool) -> Reach:
    if is_reachable:
        is_rung = shown == presence.CAN_BE_RUNG
        return Reach("available", _("phone rings")) if is_rung else _as_entered(shown)
    return _as_entered(Contact.Presence.AWAY) if own.is_staff(contact) else Reach("", _("no link"))


def _as_entered(shown: str) -> Reach:
    return Reach(shown, str(Contact.Presence(shown).label))
