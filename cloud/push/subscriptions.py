"""Phones that can be rung: browsers' subscriptions, and the permitted push services."""

from collections.abc import Collection
from hashlib import sha256
from ipaddress import ip_address
from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import QuerySet

from cloud.base.https_post import Target, refuse_local
from cloud.calls import links
from cloud.calls.models import PersonalLink
from cloud.calls.presence import announce
from cloud.people.models import Contact
from cloud.push.encryption import SECRET_BYTES, browser_key
from cloud.push.keys import decoded
from cloud.push.models import Phone

MOST_EACH = 5


class Unusable(Exception):
    """A subscription with an invalid key, or of a push service that is not permitted."""


def target() -> Target:
    """Return the permitted servers: push services on the public internet only."""
    return Target(
        public_only=True, may_be_local=settings.PUSH_MAY_BE_LOCAL, authority=settings.PUSH_AUTHORITY
    )


def keep(link: PersonalLink, phone: Phone) -> None:
    """Store this browser's subscription; it replaces the oldest of many. Raises ``Unusable``."""
    _check(phone)
    digest = _digest(phone.endpoint)
    facts = {
        "endpoint": phone.endpoint,
        "p256dh": phone.p256dh,
        "auth": phone.auth,
        "language": phone.language,
    }
    Phone.objects.update_or_create(endpoint_sha256=digest, defaults={"link": link, **facts})
    mine = Phone.objects.filter(link__contact=link.contact_id).order_by("-made_at", "-pk")
    Phone.objects.filter(pk__in=list(mine.values_list("pk", flat=True)[MOST_EACH:])).delete()
    announce(link.contact)


def drop(link: PersonalLink, endpoint: str) -> None:
    """Delete this browser's subscription; the resident's screen says so if it was the last."""
    Phone.objects.filter(link__contact=link.contact_id, endpoint_sha256=_digest(endpoint)).delete()
    announce(link.contact)


def drop_dead(phone: Phone) -> None:
    """Delete a phone that the push service no longer knows."""
    phone.delete()
    announce(phone.link.contact)


def phones_of(contact: Contact) -> QuerySet[Phone]:
    """Return phones whose link is still valid."""
    return Phone.objects.filter(link__in=links.valid().filter(contact=contact)).select_related(
        "link__contact"
    )


def with_phone(contacts: Collection[int]) -> set[int]:
    """Return those of these contacts who have a phone."""
    valid = links.valid().filter(contact__in=contacts)
    return set(Phone.objects.filter(link__in=valid).values_list("link__contact", flat=True))


def _check(phone: Phone) -> None:
    try:
        parts = urlsplit(phone.endpoint)
    except ValueError as error:
        raise Unusable(str(error)) from error
    if parts.scheme != "https" or not parts.hostname or parts.username:
        raise Unusable("the endpoint is no HTTPS address")
    try:
        address = str(ip_address(parts.hostname))
    except ValueError:
        # A host name: its address is checked whenever something is sent.
        address = "127.0.0.1" if parts.hostname == "localhost" else ""
    try:
        if address:
            refuse_local(address, target())
        browser_key(decoded(phone.p256dh))
        secret = decoded(phone.auth)
    except ValueError as error:
        raise Unusable(str(error)) from error
    if len(secret) != SECRET_BYTES:
        raise Unusable("the secret has another length")


def _digest(endpoint: str) -> str:
    return sha256(endpoint.encode()).hexdigest()
