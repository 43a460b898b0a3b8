"""Scheduled work on queues; it has no state, so that a restart loses nothing."""

import logging
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from threading import Event

from django.utils import timezone

from cloud.base import due_work
from cloud.base.steady_clock import SteadyClock
from cloud.queue import agents, browser_calls, line, service
from cloud.queue.models import Queue, Visit

log = logging.getLogger(__name__)

POLL_S = 1.0
# A contact's page polls every second.
PAGE_SILENCE = timedelta(seconds=3.3)
FORGET_EACH_S = 600
ESTIMATE_EACH_S = 30.0


class QueueWatch:
    """Checks open visits every second. Several may run: each step is taken once."""

    def __init__(
        self, clock: Callable[[], datetime] = timezone.now, monotonic_s: Callable[[], float] = time.monotonic
    ) -> None:
        self._clock = clock
        self._steady = SteadyClock(monotonic_s)

    def run(self, stopping: Event) -> None:
        """Run until ``stopping`` is set."""
        due_work.repeat(stopping, POLL_S, self.turn)

    def run_forgetting(self, stopping: Event) -> None:
        """Delete expired conversations, until ``stopping`` is set."""
        due_work.repeat(stopping, FORGET_EACH_S, lambda: forget(self._clock()))

    def run_estimates(self, stopping: Event) -> None:
        """Update estimates for waiting customers, until ``stopping`` is set."""
        due_work.repeat(stopping, ESTIMATE_EACH_S, tell_all_lines)

    def turn(self) -> None:
        """End visits after the grace time, offer call-backs, and release dead agents' customers."""
        now = self._clock()
        steady_s = self._steady.steady_s(now)
        if steady_s > line.AGENT_GONE_S:
            agents.sign_out_silent(now)
        tell_moved_lines()
        browser_calls.end_due(now)
        for visit in Visit.objects.exclude(stage="ended").select_related("queue"):
            try:
                step, before = _step(now, visit, steady_s), visit.as_rule()
                if step(before) != before:
                    service.apply(visit.id, step)
            except Exception:
                log.exception("Visit %s cannot be looked after", visit.id)


def tell_all_lines() -> None:
    """Update all estimates, which become outdated."""
    service.tell_those_in_line(Queue.objects.filter(visits__stage="waiting").distinct())


def tell_moved_lines() -> None:
    """Update the screens of queues that have moved; later changes wait for the next turn."""
    moved = list(Queue.objects.exclude(line_moved_at=None))
    service.tell_those_in_line(moved)
    for queue in moved:
        Queue.objects.filter(pk=queue.pk, line_moved_at=queue.line_moved_at).update(line_moved_at=None)


def forget(now: datetime) -> int:
    """Delete conversations older than their queue keeps them; return how many."""
    deleted = 0
    for queue in Queue.objects.all():
        old = Visit.objects.filter(queue=queue, ended_at__lt=now - timedelta(days=queue.kept_days))
        deleted += old.count()
        old.delete()
    return deleted


def _step(now: datetime, of: Visit, steady_s: float) -> service.Step:
    """Return the timed step of a visit; it is decided again under the lock.

    After a jump of the clock nobody is away, or out, before as much time has passed as that takes.
    """
    seen_at, queue = of.page_seen_at, of.queue
    # A contact at a page gets no call-back: there is no screen that would ring.
    after_min = queue.call_back_after_min if of.resident_id else 0
    is_silent = seen_at is not None and abs(now - seen_at) > PAGE_SILENCE and steady_s > PAGE_SILENCE.seconds
    may_expire = steady_s > queue.grace_s

    def step(visit: line.Visit) -> line.Visit:
        visit = line.not_ahead(line.lose(visit, now) if is_silent else visit, now)
        visit = line.expire(visit, now, queue.grace_s) if may_expire else visit
        return line.offer_call_back(visit, now, after_min)

    return step
