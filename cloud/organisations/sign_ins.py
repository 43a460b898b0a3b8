"""The record of sign-ins, and ending sessions."""

from datetime import timedelta

from django.contrib.sessions.models import Session
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest
from django.utils import timezone

from cloud.organisations import one_time_codes
from cloud.organisations.models import SignIn, User

KEPT = timedelta(days=90)
LONGEST_BROWSER = 200
MOST_SHOWN = 20


def note(request: HttpRequest, user: User, **_signal: object) -> None:
    """Record a sign-in, its address, and whether a one-time code is still missing."""
    SignIn.objects.filter(user=user, at__lt=timezone.now() - KEPT).delete()
    SignIn.objects.create(
        user=user,
        session_key=request.session.session_key or "",
        address=request.META.get("REMOTE_ADDR") or None,
        browser=request.META.get("HTTP_USER_AGENT", "").replace("\0", "")[:LONGEST_BROWSER],
    )
    one_time_codes.begin(request.session, user)


def newest(user: User) -> QuerySet[SignIn]:
    """Return the latest sign-ins, each with whether it ``is_running``."""
    return SignIn.objects.filter(user=user).annotate(is_running=_is_running())[:MOST_SHOWN]


def end_all(user: User, but: str | None = None) -> int:
    """End every session of this user but one; return how many."""
    running = SignIn.objects.filter(_is_running(), user=user).exclude(session_key=but or "")
    keys = running.values_list("session_key", flat=True)
    return Session.objects.filter(session_key__in=list(keys)).delete()[0]


def _is_running() -> Exists:
    return Exists(Session.objects.filter(session_key=OuterRef("session_key"), expire_date__gt=timezone.now()))
