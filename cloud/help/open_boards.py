"""Which help boards are open and audible; without one, nobody at the desk notices a request (K3)."""

from datetime import timedelta
from typing import Literal

from django.db.models import QuerySet
from django.utils import timezone

from cloud.help.models import OpenBoard
from cloud.organisations.models import Grant, Organisation, User
from cloud.organisations.roles import Verb, roles_that_may

# A page polls at least every 15 s.
SILENCE = timedelta(seconds=40)
# A recent entry needs no update.
FRESH = timedelta(seconds=10)


def heard(user: User, *, rings: bool) -> None:
    """Record that a user's board is open; ``rings`` where its sound is on."""
    now = timezone.now()
    stale = OpenBoard.objects.visible_to(user).filter(user=user)
    fresh = stale.filter(heard_at__gt=now - FRESH, heard_at__lte=now)
    if (fresh.filter(rings_at__gt=now - FRESH) if rings else fresh).exists():
        return
    facts = {"heard_at": now, "rings_at": now} if rings else {"heard_at": now}
    OpenBoard.objects.update_or_create(user=user, defaults=facts)


def is_ringing(organisation: Organisation) -> bool:
    """Return whether any user of this organisation has a board open with sound."""
    return _heard_of(organisation, "rings_at").exists()


def is_open(organisation: Organisation) -> bool:
    """Return whether any user of this organisation has a board open."""
    return _heard_of(organisation, "heard_at").exists()


def _heard_of(organisation: Organisation, sign: Literal["rings_at", "heard_at"]) -> QuerySet[OpenBoard]:
    now = timezone.now()
    nurses = Grant.objects.filter(
        organisation__in=organisation.line, role__in=roles_that_may(Verb.ANSWER_HELP), user__is_active=True
    )
    boards = OpenBoard.objects.filter(user__in=nurses.values("user"))
    return boards.filter(**{f"{sign}__gt": now - SILENCE, f"{sign}__lte": now + SILENCE})
