"""How long the record of changes is kept."""

from datetime import timedelta
from threading import Event

from django.conf import settings
from django.utils import timezone

from cloud.audit.models import Change
from cloud.base import due_work

PAUSE_S = 6 * 3600.0


class ChangeRetention:
    """Forgets what is older than the setting says; several may run."""

    def run(self, stopping: Event) -> None:
        """Until ``stopping`` is set."""
        due_work.repeat(stopping, PAUSE_S, forget_old)


def forget_old() -> int:
    """How many entries were too old."""
    return Change.objects.all().forget_before(timezone.now() - timedelta(days=settings.AUDIT_DAYS))
