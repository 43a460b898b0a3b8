"""Which boards are open and would ring: without one nobody at the desk hears a call for help (K3)."""

from datetime import timedelta
from typing import Literal

from django.db.models import QuerySet
from django.utils import timezone

from cloud.help.models import OpenBoard
from cloud.organisations.models import Grant, Organisation, User
from cloud.organisations.roles import Verb, roles_that_may

# A page asks every 15 s at the latest.
SILENCE = timedelta(seconds=40)
# What is known this well needs no writing.
FRESH = timedelta(seconds=10)


def heard(user: User, *, rings: bool) -> None:
    """A page of this user is open; ``rings`` where its sound is on."""
    now = timezone.now()
    stale = OpenBoard.objects.visible_to(user).filter(user=user)
    fresh = stale.filter(heard_at__gt=now - FRESH, heard_at__lte=now)
    if (fresh.filter(rings_at__gt=now - FRESH) if rings else fresh).exists():
        return
    facts = {"heard_at": now, "rings_at": now} if rings else {"heard_at": now}
    OpenBoard.objects.update_or_create(user=user, defaults=facts)


def is_ringing(organisation: Organisation) -> bool:
    """Whether anybody who sees this organisation has a board that rings."""
    return _heard_of(organisation, "rings_at").exists()


def is_open(organisation: Organisation) -> bool:
    """Whether anybody who sees this organisation has a page open, with sound or without."""
    return _heard_of(organisation, "heard_at").exists()


def _heard_of(organisation: Organisation, sign: Literal["rings_at", "heard_at"]) -> QuerySet[OpenBoard]:
    now = timezone.now()
    nurses = Grant.objects.filter(
        organisation__in=organisation.line, role__in=roles_that_may(Verb.ANSWER_HELP), user__is_active=True
    )
    boards = OpenBoard.objects.filter(user__in=nurses.values("user"))
    return boards.filter(**{f"{sign}__gt": now - SILENCE, f"{sign}__lte": now + SILENCE})
