"""The small loop that looks after calls: it remembers nothing, so that a restart loses nothing."""

from collections.abc import Callable
from datetime import datetime
from threading import Event

from django.utils import timezone

from cloud.base import due_work
from cloud.calls.sweep import sweep

POLL_S = 1.0


class CallWatch:
    """Looks every second at all that is open. Several may run: each call ends once."""

    def __init__(self, clock: Callable[[], datetime] = timezone.now) -> None:
        self._clock = clock

    def run(self, stopping: Event) -> None:
        """Until ``stopping`` is set."""
        due_work.repeat(stopping, POLL_S, lambda: sweep(self._clock()))
