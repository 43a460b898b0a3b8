"""Completes updates of many devices that another process left unfinished."""

from datetime import timedelta
from threading import Event

from django.utils import timezone

from cloud.base import due_work
from cloud.devices.documents import finish
from cloud.devices.models import DueRefresh

POLL_S = 30.0
# The time for the process that started it.
LEFT_AFTER = timedelta(minutes=2)


class RefreshWatch:
    """Looks for unfinished updates; several may run."""

    def run(self, stopping: Event) -> None:
        """Run until ``stopping`` is set."""
        due_work.repeat(stopping, POLL_S, self._finish_all)

    def _finish_all(self) -> None:
        for due in DueRefresh.objects.filter(since__lt=timezone.now() - LEFT_AFTER):
            finish(due)
