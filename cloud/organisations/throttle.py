"""Blocks sign-in for a while after too many wrong passwords."""

import secrets
from datetime import timedelta
from hashlib import sha256

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from cloud.organisations.models import FailedSignIn

WINDOW = timedelta(minutes=15)
# One person at one place mistypes; one address may be a whole home; a name that is tried from everywhere is
# under attack. The last limit is the highest: an outsider must not be able to lock a nurse out.
MOST_BY_NAME_AND_ADDRESS = 5
MOST_BY_ADDRESS = 50
MOST_BY_NAME = 100
COOKIE, SALT = "kotiruutu_browser", "kotiruutu.browser"
REMEMBERED = timedelta(days=400)


def begin(name: str, address: str | None, browser: str = "") -> bool:
    """Count an attempt before it is made; return False where it is blocked.

    So parallel attempts are limited like sequential ones. In a browser in which this name has signed in
    before only that browser's attempts count: an outsider cannot lock a nurse out.
    """
    now = timezone.now()
    FailedSignIn.objects.filter(at__lt=now - 4 * WINDOW).delete()
    row = FailedSignIn.objects.create(**_key(name, address, browser))
    recent = FailedSignIn.objects.filter(at__gt=now - WINDOW)
    mine = recent.filter(name_sha256=row.name_sha256)
    limits = [(mine.filter(address=row.address), MOST_BY_NAME_AND_ADDRESS)]
    if not browser:
        limits += [(mine, MOST_BY_NAME), (recent.filter(address=address), MOST_BY_ADDRESS)]
    if all(attempts.count() <= most for attempts, most in limits):
        return True
    row.delete()
    return False


def succeeded(name: str, address: str | None, browser: str = "") -> None:
    """Forget the attempts of the same kind after a success."""
    FailedSignIn.objects.filter(**_key(name, address, browser)).delete()


def known_browser(request: HttpRequest | None, name: str) -> str:
    """Return the mark of this browser, if this name has signed in with it before; else an empty text."""
    mark = request.get_signed_cookie(COOKIE, default="", salt=SALT) if request else ""
    return mark if mark and mark.startswith(_digest(name)) else ""


def remember(response: HttpResponse, name: str) -> None:
    """Mark the browser as one in which this name has signed in."""
    response.set_signed_cookie(
        COOKIE,
        f"{_digest(name)}{secrets.token_hex(16)}",
        salt=SALT,
        max_age=REMEMBERED,
        path=settings.LOGIN_URL,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Strict",
    )


def _key(name: str, address: str | None, browser: str) -> dict[str, str | None]:
    if browser:
        return {"name_sha256": _digest(browser), "address": None}
    return {"name_sha256": _digest(name), "address": address}


def _digest(name: str) -> str:
    return sha256(name.strip().casefold().encode()).hexdigest()
