"""Scheduled work on applications, requests and former relations."""

from datetime import datetime, timedelta
from threading import Event

from django.utils import timezone

from cloud.base import due_work
from cloud.family import applying, recovery
from cloud.family.models import Application
from cloud.people import former

POLL_S = 2.0
FORGETS_EACH = timedelta(minutes=10)
KEPT = timedelta(days=30)
UNDECIDED = timedelta(days=90)


class FamilyWatch:
    """Answers requests for lost links, and deletes expired data."""

    def __init__(self) -> None:
        self._forgets_at = timezone.now()

    def run(self, stopping: Event) -> None:
        """Run until ``stopping`` is set."""
        due_work.repeat(stopping, POLL_S, self._turn)

    def _turn(self) -> None:
        now = timezone.now()
        recovery.answer_due()
        if now >= self._forgets_at:
            self._forgets_at = now + FORGETS_EACH
            forget(now)


def forget(now: datetime) -> None:
    """Delete old decisions, abandoned applications, and relations removed a month ago."""
    Application.objects.filter(decided_at__lt=now - KEPT).delete()
    waiting = Application.objects.filter(state=Application.State.WAITING)
    waiting.filter(made_at__lt=now - UNDECIDED).delete()
    unconfirmed = Application.objects.filter(state=Application.State.UNCONFIRMED)
    unconfirmed.filter(made_at__lt=now - 2 * applying.WINDOW).delete()
    former.forget()
    recovery.forget(now)
