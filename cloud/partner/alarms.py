"""The loop of ``python -m cloud alarms``: sends messages to alarm centres, and handles their answers."""

import logging
import time
from dataclasses import dataclass
from threading import Event

from django.db import DatabaseError, InterfaceError, connection
from django.utils import timezone

from cloud.partner import device_faults, heartbeats, outbox, scaip
from cloud.partner.exchange import Answered, Dialect, Exchange, Outcome, Responded, TimePassed, step
from cloud.partner.exchange import Event as ExchangeEvent
from cloud.partner.models import AlarmMessage
from cloud.partner.sip import Heard, Incoming, Phone

log = logging.getLogger(__name__)

TURN_MS = 20
LOOK_S = 0.05
HEARTBEATS_S = 5.0
MOST_OPEN = 200
State = AlarmMessage.State


@dataclass
class _Open:
    row: AlarmMessage
    exchange: Exchange


class Alarms:
    """Holds only messages in flight: after a restart the escalation has continued, or asks again."""

    def __init__(self, phone: Phone) -> None:
        self._phone = phone
        self._open: dict[str, _Open] = {}
        self._look_at_s = self._heartbeats_at_s = 0.0

    def run(self, stopping: Event) -> None:
        """Run until ``stopping`` is set."""
        try:
            _give_up_sent()
            while not stopping.is_set():
                self.turn()
        finally:
            connection.close()

    def turn(self) -> None:
        """Do one round of SIP, and of the database where it is time for that."""
        for heard in self._phone.turn(TURN_MS):
            self._hear(heard)
        now_s = time.monotonic()
        for ref in list(self._open):
            self._advance(ref, TimePassed())
        if now_s < self._look_at_s:
            return
        self._look_at_s = now_s + LOOK_S
        try:
            self._take_up()
            if now_s >= self._heartbeats_at_s:
                self._heartbeats_at_s = now_s + HEARTBEATS_S
                heartbeats.put_due(timezone.now())
                device_faults.put_new(timezone.now())
        except (DatabaseError, InterfaceError):
            log.exception("The database is away: no message can be taken up now")
            connection.close()
            self._look_at_s = now_s + 1.0

    def _take_up(self) -> None:
        fresh = timezone.now() - outbox.STALE
        rows = AlarmMessage.objects.select_related("centre").filter(state=State.WAITING)
        room = MOST_OPEN - len(self._open)
        for row in rows.filter(created_at__gt=fresh).order_by("created_at")[: max(room, 0)]:
            if not AlarmMessage.objects.filter(pk=row.pk, state=State.WAITING).update(state=State.SENT):
                continue
            dialect = Dialect(row.centre.answer)
            exchange = Exchange(row.ref, tuple(row.servers), dialect, time.monotonic())
            self._open[row.ref] = _Open(row, exchange)
            self._send(row.ref)

    def _hear(self, heard: Heard) -> None:
        if isinstance(heard, Incoming):
            try:
                answer = scaip.parse(heard.body)
            except scaip.Malformed as error:
                log.warning("A message that is no answer was dropped: %s", error)
                return
            self._advance(answer.ref, Answered(answer))
            return
        sent, response = heard
        ref = next((ref for ref, each in self._open.items() if each.row.body == sent), "")
        self._advance(ref, response)

    def _advance(self, ref: str, event: ExchangeEvent) -> None:
        found = self._open.get(ref)
        if found is None:
            if not isinstance(event, TimePassed | Responded):
                log.warning("An answer to a message that does not wait for one was dropped")
            return
        found.exchange, is_to_send = step(found.exchange, event, time.monotonic())
        if is_to_send:
            self._send(ref)
        elif found.exchange.outcome != Outcome.OPEN:
            self._settle(ref, found)

    def _send(self, ref: str) -> None:
        found = self._open[ref]
        failed = self._phone.send(found.exchange.server, found.row.centre.content_type, found.row.body)
        if failed:
            self._advance(ref, failed)

    def _settle(self, ref: str, found: _Open) -> None:
        is_received = found.exchange.outcome == Outcome.RECEIVED
        state = State.RECEIVED if is_received else State.FAILED
        try:
            outbox.settle(found.row.pk, state, found.exchange.reason, found.exchange.server)
        except (DatabaseError, InterfaceError):
            # Retried in the next turn; what the escalation has given up meanwhile stays failed.
            log.exception("What became of a message cannot be kept now")
            connection.close()
            return
        del self._open[ref]


def _give_up_sent() -> None:
    try:
        outbox.give_up_sent()
    except (DatabaseError, InterfaceError):
        # The escalation gives them up by itself, a little later.
        log.exception("The database is away: what was sent before the start is not given up now")
        connection.close()
