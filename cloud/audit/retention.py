"""Deletes entries of the audit log that have expired."""

from datetime import timedelta
from threading import Event

from django.conf import settings
from django.utils import timezone

from cloud.audit.models import Change
from cloud.base import due_work

PAUSE_S = 6 * 3600.0


class ChangeRetention:
    """Deletes entries older than the setting; several processes may run it."""

    def run(self, stopping: Event) -> None:
        """Run until ``stopping`` is set."""
        due_work.repeat(stopping, PAUSE_S, forget_old)


def forget_old() -> int:
    """Delete expired entries and return their number."""
    return Change.objects.all().forget_before(timezone.now() - timedelta(days=settings.AUDIT_DAYS))
