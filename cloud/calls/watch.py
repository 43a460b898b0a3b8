"""The loop that applies call timeouts; it has no state, so that a restart loses nothing."""

from collections.abc import Callable
from datetime import datetime
from threading import Event

from django.utils import timezone

from cloud.base import due_work
from cloud.calls.sweep import sweep

POLL_S = 1.0


class CallWatch:
    """Checks all open calls every second. Several may run: each call ends once."""

    def __init__(self, clock: Callable[[], datetime] = timezone.now) -> None:
        self._clock = clock

    def run(self, stopping: Event) -> None:
        """Run until ``stopping`` is set."""
        due_work.repeat(stopping, POLL_S, lambda: sweep(self._clock()))
