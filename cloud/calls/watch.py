"""The small loop that looks after calls: it remembers nothing, so that a restart loses nothing."""

import logging
from collections.abc import Callable
from datetime import datetime
from threading import Event

from django.db import close_old_connections, connection
from django.utils import timezone

from cloud.calls.sweep import sweep

log = logging.getLogger(__name__)

POLL_S = 1.0


class CallWatch:
    """Looks every second at all that is open. Several may run: each call ends once."""

    def __init__(self, clock: Callable[[], datetime] = timezone.now) -> None:
        self._clock = clock

    def run(self, stopping: Event) -> None:
        """Until ``stopping`` is set. A database that is away is tried again in the next turn."""
        try:
            while not stopping.wait(POLL_S):
                close_old_connections()
                try:
                    sweep(self._clock())
                except Exception:
                    log.exception("Calls cannot be looked after")
        finally:
            connection.close()
