"""The loop that runs due escalation steps; it has no state, so that a restart loses nothing."""

import logging
import time
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Event

from django.db import close_old_connections
from django.utils import timezone

from cloud.base import due_work
from cloud.help import runner, unproven
from cloud.help.runner import Clock

log = logging.getLogger(__name__)

# A partner who is notified at once waits half of this on average: the query is cheap.
POLL_S = 0.1
# Interval of the query for all unanswered requests.
WHOLE_S = 0.5
# Number of parallel requests; a mail server that hangs delays one of them, not all.
MOST_AT_ONCE = 8


class Watch:
    """Polls twice a second for due notifications, and more often for new requests. Several may run."""

    def __init__(self, clock: Clock = timezone.now) -> None:
        self._clock = clock
        self._pool = ThreadPoolExecutor(MOST_AT_ONCE, thread_name_prefix="escalate")
        self._under_way: dict[int, Future[None]] = {}
        self._newest = 0
        self._whole_at_s = 0.0

    def run(self, stopping: Event) -> None:
        """Run until ``stopping`` is set; steps that have started are finished."""
        try:
            due_work.repeat(stopping, POLL_S, self.turn)
        finally:
            self._pool.shutdown()

    def turn(self) -> None:
        """Start the due steps. After a lost database the next turn retries."""
        close_old_connections()
        self._under_way = {pk: job for pk, job in self._under_way.items() if not job.done()}
        try:
            waiting = self._due()
        except Exception:
            log.exception("The escalation's next steps cannot be read")
            return
        for pk in waiting:
            if pk not in self._under_way:
                self._under_way[pk] = self._pool.submit(self._advance, pk)

    def _due(self) -> list[int]:
        newest, after, now_s = runner.newest(), self._newest, time.monotonic()
        self._newest = newest
        if now_s >= self._whole_at_s:
            self._whole_at_s = now_s + WHOLE_S
            unproven.go_on(self._clock())
            return runner.due(self._clock())
        return runner.due(self._clock(), after) if newest > after else []

    def _advance(self, pk: int) -> None:
        close_old_connections()
        try:
            runner.advance(pk, self._clock)
        except Exception:
            log.exception("The ladder of %s cannot be climbed now", pk)
        finally:
            close_old_connections()
