"""Contacts' presence (V26): what they chose, as long as their page is open."""

import logging
from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import partial

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max, QuerySet
from django.utils import timezone

from cloud.calls import links, ways
from cloud.calls.models import Call, OpenPage, PersonalLink
from cloud.devices.documents import refresh_contact
from cloud.notify import live_updates
from cloud.people.models import Contact

log = logging.getLogger(__name__)

# The stream of an open page renews it three times as often.
LEASE = timedelta(seconds=15)
# A reload does not count as absence.
GRACE = timedelta(seconds=2)
# With the page closed: the contract's value.
CAN_BE_RUNG = "can-be-rung"


def presences(contacts: Iterable[Contact], with_link: set[int] | None = None) -> dict[int, str]:
    """Return presence by contact: available, busy, away, or their phone can be rung.

    Without a personal link it is as entered at the desk; who has one is looked up where it is not known.
    """
    known = list(contacts)
    ids = [contact.pk for contact in known]
    if with_link is None:
        with_link = set(links.valid().filter(contact__in=ids).values_list("contact", flat=True))
    here = set(open_pages(timezone.now()).filter(contact__in=ids).values_list("contact", flat=True))
    calling = set(_calling().filter(contact__in=ids).values_list("contact", flat=True))
    rings = ways.with_phone(ids)

    def presence(contact: Contact) -> str:
        if contact.pk not in with_link:
            return contact.presence
        if contact.pk in calling:
            return Contact.Presence.BUSY
        if contact.pk in here:
            return contact.presence
        if contact.pk not in rings:
            return Contact.Presence.AWAY
        return CAN_BE_RUNG if contact.presence == Contact.Presence.AVAILABLE else contact.presence

    return {contact.pk: presence(contact) for contact in known}


def last_here(contacts: Iterable[int]) -> dict[int, datetime]:
    """Return when a page of each contact was last open, if known and none is open now."""
    here = open_pages(timezone.now()).filter(contact__in=contacts).values("contact")
    gone = PersonalLink.objects.filter(contact__in=contacts).exclude(contact__in=here)
    rows = gone.values_list("contact").annotate(last=Max("seen_at")).order_by()
    return {contact: last for contact, last in rows if last}


def is_calling(contact: Contact) -> bool:
    """Return whether this contact is in a call or is calling."""
    return _calling().filter(contact=contact).exists()


def is_here(contact: Contact) -> bool:
    """Return whether this contact has a page open."""
    return open_pages(timezone.now()).filter(contact=contact).exists()


def open_pages(now: datetime) -> QuerySet[OpenPage]:
    """Return pages whose streams were active recently."""
    return OpenPage.objects.filter(seen_at__gt=now - LEASE)


def seen(page: str, link: PersonalLink) -> None:
    """Record an open page; others are notified only if it is the first."""
    now, contact = timezone.now(), link.contact
    was_here = is_here(contact)
    facts = {"seen_at": now, "closed_at": None}
    renewed = OpenPage.objects.filter(pk=page, contact=contact).update(**facts)
    if not renewed:
        OpenPage.objects.get_or_create(pk=page, defaults={"contact": contact, "link": link, **facts})
    if not was_here:
        announce(contact)


def closed(page: str, contact: Contact) -> None:
    """Record a closed page; it counts as open for a moment, in case of a reload."""
    OpenPage.objects.filter(pk=page, contact=contact).update(closed_at=timezone.now())


def forget_closed(now: datetime) -> None:
    """Remove pages that stay closed; their contacts are away, and screens show it."""
    gone = OpenPage.objects.filter(closed_at__lt=now - GRACE) | OpenPage.objects.filter(
        seen_at__lt=now - LEASE
    )
    for page in gone.select_related("contact"):
        deleted, _ = OpenPage.objects.filter(pk=page.pk, seen_at=page.seen_at).delete()
        if deleted:
            PersonalLink.objects.filter(pk=page.link_id).update(seen_at=page.seen_at)
            announce(page.contact)


def choose(contact: Contact, presence: str) -> None:
    """Set the presence that the contact chose."""
    Contact.objects.filter(pk=contact.pk).update(presence=presence)
    announce(contact)


def announce(contact: Contact) -> None:
    """After the commit, update the screens of residents who know this contact, and their own pages."""
    live_updates.call_changed(contact.pk)
    transaction.on_commit(partial(_push, contact), robust=True)


def _push(contact: Contact) -> None:
    try:
        # Presence is in no other document.
        refresh_contact(contact, only="people")
    except ValidationError:
        # An invalid document is reported to the next user who saves; a call must not fail for it.
        log.exception("The presence of contact %d cannot be sent to the screens", contact.pk)


def _calling() -> QuerySet[Call]:
    return Call.objects.exclude(state=Call.State.ENDED).exclude(contact=None)
