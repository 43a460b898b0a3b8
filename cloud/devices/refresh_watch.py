"""Finishes what a process of the desk has begun for many devices, and ended before it was done."""

import logging
from datetime import timedelta
from threading import Event

from django.db import close_old_connections, connection
from django.utils import timezone

from cloud.devices.documents import finish
from cloud.devices.models import DueRefresh

log = logging.getLogger(__name__)

POLL_S = 30.0
# Whoever began it has had this time.
LEFT_AFTER = timedelta(minutes=2)


class RefreshWatch:
    """Looks for what was left; several may run."""

    def run(self, stopping: Event) -> None:
        """Until ``stopping`` is set."""
        try:
            while not stopping.is_set():
                close_old_connections()
                self._finish_all()
                stopping.wait(POLL_S)
        finally:
            connection.close()

    def _finish_all(self) -> None:
        try:
            for due in DueRefresh.objects.filter(since__lt=timezone.now() - LEFT_AFTER):
                finish(due)
        except Exception:
            log.exception("The documents of an organisation cannot be brought up to date now")
