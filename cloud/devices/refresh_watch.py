"""Finishes what a process of the desk has begun for many devices, and ended before it was done."""

from datetime import timedelta
from threading import Event

from django.utils import timezone

from cloud.base import due_work
from cloud.devices.documents import finish
from cloud.devices.models import DueRefresh

POLL_S = 30.0
# Whoever began it has had this time.
LEFT_AFTER = timedelta(minutes=2)


class RefreshWatch:
    """Looks for what was left; several may run."""

    def run(self, stopping: Event) -> None:
        """Until ``stopping`` is set."""
        due_work.repeat(stopping, POLL_S, self._finish_all)

    def _finish_all(self) -> None:
        for due in DueRefresh.objects.filter(since__lt=timezone.now() - LEFT_AFTER):
            finish(due)
