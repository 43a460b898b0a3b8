"""The loop that runs due escalation steps; it has no state, so that a restart loses nothing."""

import logging
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Event

from django.db import close_old_connections
from django.utils import timezone

from cloud.base import due_work
from cloud.help import runner, unproven
from cloud.help.runner import Clock
from cloud.notify import live_updates

log = logging.getLogger(__name__)

# A new request wakes the loop: this is for steps that become due, and while the broker is away.
POLL_S = 0.5
# Number of parallel requests; an alarm centre that is silent delays one of them, not all.
MOST_AT_ONCE = 16


class Watch:
    """Looks for due notifications when a request is new, and twice a second. Several may run."""

    def __init__(self, clock: Clock = timezone.now) -> None:
        self._clock = clock
        self._pool = ThreadPoolExecutor(MOST_AT_ONCE, thread_name_prefix="escalate")
        self._under_way: dict[int, Future[None]] = {}
        self._quiet: runner.Quiet = {}

    def run(self, stopping: Event) -> None:
        """Run until ``stopping`` is set; steps that have started are finished."""
        try:
            due_work.repeat(stopping, POLL_S, self.turn, woken_for=live_updates.HELP)
        finally:
            self._pool.shutdown()

    def turn(self) -> None:
        """Start the due steps. After a lost database the next turn retries."""
        self._under_way = {pk: job for pk, job in self._under_way.items() if not job.done()}
        try:
            for pk in runner.due(self._clock(), self._quiet, self._under_way):
                self._under_way[pk] = self._pool.submit(self._advance, pk)
        except Exception:
            log.exception("The escalation's next steps cannot be read")
            return
        unproven.go_on(self._clock())

    def _advance(self, pk: int) -> None:
        close_old_connections()
        try:
            runner.advance(pk, self._clock)
        except Exception:
            log.exception("The ladder of %s cannot be climbed now", pk)
        finally:
            close_old_connections()
