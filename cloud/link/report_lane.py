"""The lane of device reports, and of everything sent to devices except receipts."""

import threading
import time
from collections import Counter
from collections.abc import Sequence
from datetime import timedelta

from cloud.link.batch import ingest_all
from cloud.link.fair_queue import FairQueue
from cloud.link.floods import Floods
from cloud.link.ingest import CameOnline, Effect, device_name
from cloud.link.lane import Lane
from cloud.link.outgoing import Outgoing
from cloud.notify import hub
from cloud.notify.cells import Broker
from cloud.notify.session import Arrived
from device.contract import topics

POLL_S = 5.0
# Two and a half heartbeats.
LONGEST_SILENCE = timedelta(seconds=150)
# Delay after subscribing before silent devices are asked: some are still reconnecting.
ROLL_CALLS_S = (1.0, 15.0, 27.0)


class ReportLane(Lane):
    """Handles reports, answers, presence and health; sends documents and commands."""

    name = "reports"
    channels = (*topics.REPORTED.values(), topics.ANSWER, topics.PRESENCE, topics.HEARTBEAT)

    def __init__(self, broker: Broker, beside: Sequence[FairQueue]) -> None:
        super().__init__(broker)
        # Of this broker: flooding one lane is as much a fault as flooding another.
        self._queues = (self.queue, *beside)
        self._outgoing = Outgoing(self.session, broker.name)
        self._floods = Floods()
        self._polled_s = 0.0
        self._begun_s = time.monotonic()
        self._heard: set[str] = set()
        self._roll_calls_left: list[float] = []
        self._woken: set[str] = set()
        self._lock = threading.Lock()

    def filters(self, partitions: str) -> list[str]:
        """Return the filters, including the notifications from web processes."""
        return [*super().filters(partitions), *(f"{hub.WAKE}/{each}" for each in partitions)]

    def serve(self, partitions: str) -> None:
        """Serve these partitions, and poll the database for them."""
        self.queue.put_job(lambda: setattr(self._outgoing, "partitions", partitions))
        super().serve(partitions)

    def begun(self, _partitions: str) -> None:
        """Check what is due, and soon which devices are online."""
        self.queue.put_job(self._start_over)

    def arrived(self, message: Arrived) -> None:
        """Queue a message; a notification is only handled by this lane's thread."""
        if message.topic.startswith(hub.WAKE):
            self._wake(message.payload.decode(errors="replace"))
            self.session.acknowledge(message)
            return
        super().arrived(message)

    def sent(self, mid: int, refusal: str, /) -> None:
        """Record a command as sent once the broker has accepted it."""
        super().sent(mid, refusal)
        if not refusal:
            self.queue.put_job(lambda: self._outgoing.sent(mid))

    def disconnected(self, _reason: str) -> None:
        """Request again what was in flight."""
        self.queue.put_job(self._outgoing.forget_asked)

    def take(self, messages: list[Arrived]) -> None:
        """Commit messages; online devices get what they lack."""
        effects: list[Effect] = []
        if not self.with_database(lambda: effects.extend(ingest_all(messages, self.broker, first=False))):
            return
        for message in messages:
            self.session.acknowledge(message)
        if self._roll_calls_left:
            self._heard.update(device_name(message.topic) for message in messages)
        there = {effect.device for effect in effects if isinstance(effect, CameOnline)}
        if there:
            self.with_database(lambda: self._outgoing.make_due(there))
            self.with_database(lambda: self._outgoing.publish_due(there))

    def idle_s(self) -> float:
        """Return the seconds until something is due."""
        return min(self._outgoing.seconds_until_due(POLL_S), 1.0 if self._roll_calls_left else POLL_S)

    def rest(self) -> None:
        """Poll the database for changes without a notification."""
        now_s = time.monotonic()
        if self._roll_calls_left and now_s - self._begun_s >= self._roll_calls_left[0]:
            self._roll_calls_left.pop(0)
            self.with_database(lambda: self._outgoing.call_the_roll(self._heard))
        if now_s - self._polled_s >= self._outgoing.seconds_until_due(POLL_S):
            self._polled_s = now_s
            self.with_database(self._poll)

    def _wake(self, device: str) -> None:
        """Merge many notifications into one database query."""
        with self._lock:
            if not self._woken:
                self.queue.put_job(self._publish_to_woken)
            self._woken.add(device)

    def _publish_to_woken(self) -> None:
        with self._lock:
            woken, self._woken = self._woken, set()
        self._outgoing.publish_due(woken)

    def _poll(self) -> None:
        dropped: Counter[str] = Counter()
        for queue in self._queues:
            dropped += queue.take_dropped()
        self._floods.note(dropped)
        self._outgoing.expire_commands()
        self._outgoing.publish_due()
        heard_all = time.monotonic() - self._begun_s > LONGEST_SILENCE.total_seconds()
        if self.session.is_connected and heard_all:
            self._outgoing.silence(LONGEST_SILENCE)

    def _start_over(self) -> None:
        self._begun_s = time.monotonic()
        self._heard.clear()
        self._roll_calls_left = list(ROLL_CALLS_S)
        self._outgoing.forget_asked()
        self._outgoing.publish_due()
