"""Sends due messages of one channel. Several may run; a crashed worker's claims are taken over.

A row is claimed first, and marked as being sent right before sending. So messages that a crashed worker had
only claimed are safe to send; those marked may have been sent.
"""

import logging
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from secrets import token_hex
from threading import Event
from typing import NamedTuple

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from cloud.base import due_work
from cloud.delivery import late_letters, outbox
from cloud.delivery.channel import Channel, Handed, NotSent, Outgoing, Report, Session, channel_of, register
from cloud.delivery.models import Attempt, ChannelSettings, Delivery
from cloud.delivery.retry import PAUSES
from cloud.delivery.signals import delivery_moved

log = logging.getLogger(__name__)

State = Delivery.State
# What becomes due now wakes the workers: this is for what was planned.
POLL_S = 1.0
LEASE = timedelta(seconds=120)
# The batch size: all are sent within the lease, also to a slow gateway.
MOST_CLAIMED = 5
MOST_A_TURN = 200
UNSERVED_AFTER = timedelta(minutes=5)
UNSURE = "the desk stopped while it was sent: it may have gone out"
UNSERVED = "no part of the desk sends by this channel"
NOT_SET = "the channel is not set up any more"
OUTDATED = "it was replaced by a newer one"
UNKNOWN_FOR = timedelta(seconds=30)
MOST_UNKNOWN = 1000


def carry_by(channel: Channel) -> None:
    """Register a channel, and its worker where this process can use it."""
    register(channel)
    if channel.is_here():
        due_work.register(f"delivery by {channel.name}", lambda: ChannelWorker(channel).run)


class _Open(NamedTuple):
    values: dict[str, object]
    session: Session


class ChannelWorker:
    """Sends the due messages of its channel, and keeps sessions open."""

    def __init__(
        self, channel: Channel, clock: Callable[[], datetime] = timezone.now, lease: timedelta = LEASE
    ) -> None:
        self._channel = channel
        self._clock = clock
        self._lease = lease
        self._name = token_hex(8)
        self._sessions: dict[int, _Open] = {}
        self._unknown: list[tuple[datetime, Report]] = []
        self._recovers_each_s = lease.total_seconds() / 24
        self._recovered_s = -self._recovers_each_s

    def run(self, stopping: Event) -> None:
        """Run until ``stopping`` is set."""
        try:
            due_work.repeat(stopping, POLL_S, self.turn, woken_for=outbox.WORK)
        finally:
            self.close()

    def close(self) -> None:
        """Close every session; messages under way stay claimed until their claim expires."""
        for pk in list(self._sessions):
            self._drop(pk)

    def turn(self) -> int:
        """Send all due messages and handle reports; return how many were attempted."""
        now_s = time.monotonic()
        if now_s - self._recovered_s >= self._recovers_each_s:
            self._recovered_s = now_s
            self._recover()
            self._follow_clock()
        done = 0
        while done < MOST_A_TURN and (rows := self._claim()):
            for row in rows:
                self._carry(row)
            done += len(rows)
        self._hear()
        return done

    def hand_over(self, row: Delivery) -> None:
        """Send this message now, whether it is due or not, unless another worker has it."""
        now = self._clock()
        free = Delivery.objects.filter(pk=row.pk, state=State.WAITING, claimed_until=None)
        if free.update(claimed_by=self._name, claimed_until=now + self._lease):
            self._carry(row)

    def _claim(self) -> list[Delivery]:
        now = self._clock()
        free = Q(claimed_until=None) | ~Q(claimed_until__gt=now, claimed_until__lte=now + 2 * self._lease)
        due = Delivery.objects.filter(channel=self._channel.name, state=State.WAITING, due_at__lte=now)
        if not due.exists():
            # At rest the database is only read: its write lock is for others.
            return []
        with transaction.atomic():
            over = due.filter(until__lte=now)
            over.update(state=State.EXPIRED, reason="")
            waiting = due.filter(free).select_related("organisation").order_by("-is_urgent", "due_at")
            rows = list(waiting.select_for_update(skip_locked=True, of=("self",))[:MOST_CLAIMED])
            Delivery.objects.filter(pk__in=[row.pk for row in rows]).update(
                claimed_by=self._name, claimed_until=now + self._lease
            )
        return rows

    def _carry(self, row: Delivery) -> None:
        mine = Delivery.objects.filter(pk=row.pk, claimed_by=self._name)
        if not mine.filter(state=State.WAITING).update(state=State.HANDING):
            return
        settings = outbox.settings_of(row.organisation).get(self._channel.name)
        handed, failure = self._send(row, settings)
        now = self._clock()
        cents = settings.cents_per_part * handed.parts if settings and handed else 0
        with transaction.atomic():
            locked = Delivery.objects.select_for_update(of=("self",)).get(pk=row.pk)
            Attempt.objects.create(
                delivery=locked, channel=row.channel, address=row.address, at=now, is_sent=failure is None,
                reason=str(failure or "")[:300], parts=handed.parts if handed else 0, cents=cents,
            )  # fmt: skip
            if locked.claimed_by != self._name or locked.state != State.HANDING:
                # A report was faster, or another worker has taken it over.
                if handed and not locked.reference:
                    mine.update(reference=handed.reference[:100])
                return
            if failure:
                outbox.fail(locked, str(failure), now, permanent=failure.permanent)
            elif handed:
                locked.state, locked.sent_at = State.SENT, now
                locked.reference, locked.reason = handed.reference[:100], ""
                locked.save(update_fields=["state", "sent_at", "reference", "reason"])
                delivery_moved.send(Delivery, row=locked)

    def _send(self, row: Delivery, settings: ChannelSettings | None) -> tuple[Handed | None, NotSent | None]:
        if self._channel.form and (settings is None or not settings.is_on):
            return None, NotSent(NOT_SET, permanent=True)
        try:
            outgoing = Outgoing(str(row.pk), row.address, row.subject, late_letters.body_of(row))
            return self._session(settings).send(outgoing), None
        except late_letters.Outdated:
            return None, NotSent(OUTDATED, permanent=True)
        except NotSent as error:
            return None, error
        except Exception as error:
            log.exception("Message %s could not be handed to %s", row.pk, self._channel.name)
            self._drop(settings.pk if settings else 0)
            return None, NotSent(type(error).__name__)

    def _session(self, settings: ChannelSettings | None) -> Session:
        pk, values = (settings.pk, settings.values) if settings else (0, {})
        if pk in self._sessions and self._sessions[pk].values != values:
            self._drop(pk)
        if pk not in self._sessions:
            self._sessions[pk] = _Open(values, self._channel.open(values))
        return self._sessions[pk].session

    def _drop(self, pk: int) -> None:
        opened = self._sessions.pop(pk, None)
        if opened:
            with suppress(Exception):
                opened.session.close()

    def _hear(self) -> None:
        now = self._clock()
        if self._channel.listens:
            self._keep_open()
        waiting = [(at, report) for at, report in self._unknown if abs(now - at) < UNKNOWN_FOR]
        waiting += [(now, report) for opened in self._sessions.values() for report in opened.session.poll()]
        # A report may arrive before the reference is stored.
        unknown = [each for each in waiting if not outbox.take_report(self._channel.name, each[1])]
        self._unknown = unknown[-MOST_UNKNOWN:]

    def _keep_open(self) -> None:
        used = ChannelSettings.objects.filter(channel=self._channel.name, is_on=True).in_bulk()
        for pk in set(self._sessions) - set(used) - {0}:
            self._drop(pk)
        for settings in used.values() if self._channel.form else (None,):
            self._session(settings)

    def _recover(self) -> None:
        """Recover messages of crashed workers: resend where the other side deduplicates."""
        now = self._clock()
        lost = Delivery.objects.filter(channel=self._channel.name, state=State.HANDING).exclude(
            claimed_until__gt=now, claimed_until__lte=now + 2 * self._lease
        )
        for pk in list(lost.values_list("pk", flat=True)[:MOST_A_TURN]):
            with transaction.atomic():
                row = lost.select_for_update(of=("self",)).filter(pk=pk).first()
                if row is None:
                    continue
                if self._channel.knows_repeats:
                    lost.filter(pk=pk).update(state=State.WAITING, claimed_by="", claimed_until=None)
                    continue
                Attempt.objects.create(
                    delivery=row, channel=row.channel, address=row.address, at=now, reason=UNSURE
                )
                outbox.fail(row, UNSURE, now, permanent=row.way + 1 < len(row.ways))

    def _follow_clock(self) -> None:
        """Make due what was due, or to be tried again, by a clock that has been set back since."""
        now = self._clock()
        ahead = Delivery.objects.filter(channel=self._channel.name, state=State.WAITING, due_at__gt=now)
        was_due = Q(created_at__gt=now, due_at__lte=F("created_at"))
        was_tried = (Q(tries__gt=0) | Q(way__gt=0)) & Q(due_at__gt=now + PAUSES[-1])
        late = ahead.filter(was_due | was_tried)
        # Where there is none nobody waits for the database's writer.
        if late.exists():
            late.update(due_at=now)


def hand_over(row: Delivery) -> Delivery:
    """Send a message in the caller's thread, ahead of all that wait; the workers retry what fails."""
    channel = channel_of(row.channel)
    if channel and channel.is_here():
        worker = ChannelWorker(channel)
        try:
            worker.hand_over(row)
        finally:
            worker.close()
    row.refresh_from_db()
    return row


def move_unserved(now: datetime) -> None:
    """Move messages of a channel without a worker to the next one, or show them at the desk."""
    rows = Delivery.objects.filter(state=State.WAITING, due_at__lt=now - UNSERVED_AFTER, claimed_until=None)
    for pk in list(rows.values_list("pk", flat=True)[:MOST_A_TURN]):
        with transaction.atomic():
            row = rows.select_for_update(of=("self",)).filter(pk=pk).first()
            if row is None:
                continue
            if row.until <= now:
                rows.filter(pk=pk).update(state=State.EXPIRED, reason=UNSERVED)
            elif row.way + 1 < len(row.ways):
                outbox.fail(row, UNSERVED, now, permanent=True)
            else:
                rows.filter(pk=pk).exclude(reason=UNSERVED).update(reason=UNSERVED)


class Sweep:
    """Looks every half minute for messages that no process sends."""

    def run(self, stopping: Event) -> None:
        """Run until ``stopping`` is set."""
        due_work.repeat(stopping, 30.0, lambda: move_unserved(timezone.now()))
