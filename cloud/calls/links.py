"""Personal links: a secret for each contact, shown once and stored as a digest (V10)."""

import secrets
from datetime import timedelta
from hashlib import sha256

from django.conf import settings
from django.core import signing
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from cloud.calls import own
from cloud.calls.models import PersonalLink
from cloud.organisations.models import User
from cloud.people.models import Contact

SECRET_BYTES = 32
SALT = "kotiruutu.caller"
COOKIE = "kotiruutu_caller"
# Temporary passes instead of the secret, each with its lifetime; no secret contains a full stop.
AT_ONCE, BY_LETTER = "p.", "w."
_PASSES = {AT_ONCE: timedelta(minutes=10), BY_LETTER: timedelta(days=7)}
COOKIE_LIFETIME = timedelta(days=400)


def make(contact: Contact, *, by: User | None, lifetime: timedelta) -> tuple[PersonalLink, str]:
    """Create a link; return it with its secret, which cannot be shown again."""
    secret = secrets.token_urlsafe(SECRET_BYTES)
    link = PersonalLink.objects.create(
        contact=contact,
        secret_sha256=_digest(secret),
        made_by=by,
        expires_at=timezone.now() + lifetime,
    )
    return link, secret


def make_pass(link: PersonalLink, kind: str = AT_ONCE) -> str:
    """Create a temporary pass, because the secret cannot be shown again."""
    return kind + signing.dumps(link.pk, salt=f"{SALT}.{kind}")


def address(secret: str, query: str = "") -> str:
    """Return the link's URL: the fragment after # is never sent to a server or logged."""
    return f"{reverse('caller:page')}{query and '?'}{query}#{secret}"


def valid() -> QuerySet[PersonalLink]:
    """Links that open the door now, of contacts who are neither locked nor anonymised.

    Professionals have none but the key of their session: a link that was made for one opens nothing.
    """
    return PersonalLink.objects.filter(
        Q(user__is_active=True) | Q(user=None) & ~own.STAFF,
        revoked_at=None,
        expires_at__gt=timezone.now(),
        contact__locked=False,
        contact__anonymised_at=None,
    ).select_related("contact__organisation")


def given() -> QuerySet[PersonalLink]:
    """Return links that were given to somebody, without those of users' own sessions."""
    return valid().filter(user=None)


def find(secret: str) -> PersonalLink | None:
    """Return the valid link with this secret or pass, or None."""
    for kind in _PASSES:
        if secret.startswith(kind):
            return _of_pass(kind, secret.removeprefix(kind))
    return valid().filter(secret_sha256=_digest(secret)).first()


def enter(response: HttpResponse, link: PersonalLink) -> None:
    """Set the cookie that authenticates the browser as this contact, on the caller's page only."""
    PersonalLink.objects.filter(pk=link.pk).update(used_at=timezone.now())
    response.set_signed_cookie(
        COOKIE,
        str(link.pk),
        salt=SALT,
        max_age=COOKIE_LIFETIME,
        path=reverse("caller:page"),
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Strict",
    )


def leave(response: HttpResponse) -> None:
    """Delete the personal link's cookie from this browser; the link itself stays valid."""
    response.delete_cookie(COOKIE, path=reverse("caller:page"), samesite="Strict")


def of_request(request: HttpRequest) -> PersonalLink | None:
    """Return the valid link of the cookie, or that of the user's session."""
    pk = request.get_signed_cookie(COOKIE, default=None, salt=SALT, max_age=COOKIE_LIFETIME)
    if pk:
        return given().filter(pk=int(pk)).first()
    user = getattr(request, "user", None)
    return valid().filter(user=user).first() if own.may_call(user) else None


def contact_of(request: HttpRequest) -> Contact | None:
    """Return the contact authenticated by the request."""
    link = of_request(request)
    return link.contact if link else None


def _of_pass(kind: str, signed: str) -> PersonalLink | None:
    try:
        pk = signing.loads(signed, salt=f"{SALT}.{kind}", max_age=_PASSES[kind])
    except signing.BadSignature:
        return None
    return given().filter(pk=pk).first()


def _digest(secret: str) -> str:
    return sha256(secret.encode()).hexdigest()
