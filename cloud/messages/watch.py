"""Scheduled work on messages: late and unconfirmed ones. Several may run (M3, M4, K6)."""

import logging
from collections.abc import Callable
from datetime import datetime
from threading import Event

from django.utils import timezone

from cloud.base import due_work
from cloud.delivery.models import Delivery
from cloud.messages.models import Message
from cloud.messages.unconfirmed import STALE, advance, close_answered, unconfirmed

log = logging.getLogger(__name__)

POLL_S = 5.0
WENT_OUT = (Delivery.State.SENT, Delivery.State.DELIVERED, Delivery.State.READ)


class MessageWatch:
    """Checks every few seconds what is due."""

    def __init__(self, clock: Callable[[], datetime] = timezone.now) -> None:
        self._clock = clock

    def run(self, stopping: Event) -> None:
        """Run until ``stopping`` is set."""
        due_work.repeat(stopping, POLL_S, self.turn)

    def turn(self) -> None:
        """Do everything that is due."""
        now = self._clock()
        mark_late(now)
        close_answered(now)
        for message in unconfirmed(now):
            try:
                advance(message, now)
            except Exception:
                log.exception("Message %s cannot be followed", message.pk)


def mark_late(now: datetime) -> None:
    """Mark messages that were not shown in time; those to be confirmed are escalated first."""
    late = Message.objects.filter(state=Message.State.PLANNED, until__lte=now)
    late = late.exclude(asks_confirmation=True, until__gt=now - STALE)
    late.filter(delivery__state__in=WENT_OUT).update(state=Message.State.SENT)
    late.exclude(appointment="").update(state=Message.State.OBSOLETE)
    late.filter(appointment="").update(state=Message.State.EXPIRED)
