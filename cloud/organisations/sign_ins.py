"""Who signed in when and from where, and the end of sessions."""

from datetime import timedelta

from django.contrib.sessions.models import Session
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from cloud.organisations import one_time_codes
from cloud.organisations.models import SignIn, User

KEPT = timedelta(days=90)
LONGEST_BROWSER = 200
MOST_SHOWN = 20


def note(request: HttpRequest, user: User, **_signal: object) -> None:
    """After each sign-in: from where, and whether a one-time code is still missing."""
    SignIn.objects.filter(user=user, at__lt=timezone.now() - KEPT).delete()
    SignIn.objects.create(
        user=user,
        session_key=request.session.session_key or "",
        address=request.META.get("REMOTE_ADDR") or None,
        browser=request.META.get("HTTP_USER_AGENT", "").replace("\0", "")[:LONGEST_BROWSER],
    )
    one_time_codes.begin(request.session, user)


def running(user: User) -> QuerySet[SignIn]:
    """Those whose session has not ended."""
    alive = Session.objects.filter(expire_date__gt=timezone.now()).values("session_key")
    return SignIn.objects.filter(user=user, session_key__in=alive)


def newest(user: User) -> list[SignIn]:
    """The latest of them, each with whether it ``is_running``."""
    alive = set(running(user).values_list("pk", flat=True))
    rows = list(SignIn.objects.filter(user=user)[:MOST_SHOWN])
    for row in rows:
        row.is_running = row.pk in alive
    return rows


def end_all(user: User, but: str | None = None) -> int:
    """Ends every session of this user but one; how many there were."""
    keys = running(user).exclude(session_key=but or "").values_list("session_key", flat=True)
    return Session.objects.filter(session_key__in=list(keys)).delete()[0]
