"""The lane of device reports."""

import time
from collections import Counter
from collections.abc import Sequence
from datetime import timedelta

from cloud.link.batch import ingest_all
from cloud.link.fair_queue import FairQueue
from cloud.link.floods import Floods
from cloud.link.ingest import CameOnline, Effect, channel_of, device_name
from cloud.link.lane import Lane
from cloud.link.outgoing_lane import OutgoingLane
from cloud.notify.cells import Broker
from cloud.notify.session import Arrived
from device.contract import topics

POLL_S = 5.0
# Two and a half heartbeats.
LONGEST_SILENCE = timedelta(seconds=150)
# Delay after subscribing before silent devices are asked: some are still reconnecting.
ROLL_CALLS_S = (1.0, 15.0, 27.0)


class ReportLane(Lane):
    """Handles reports, answers, presence and health."""

    name = "reports"
    channels = (*topics.REPORTED.values(), topics.ANSWER, topics.PRESENCE, topics.HEARTBEAT)

    def __init__(self, broker: Broker, sending: OutgoingLane, beside: Sequence[FairQueue]) -> None:
        super().__init__(broker)
        # Of this broker: flooding one lane is as much a fault as flooding another.
        self._queues = (self.queue, *beside)
        self._sending = sending
        self._floods = Floods()
        self._polled_s = 0.0
        self._begun_s = time.monotonic()
        self._heard: set[str] = set()
        self._roll_calls_left: list[float] = []

    def begun(self, _partitions: str) -> None:
        """Check what is due, and soon which devices are online."""
        self.queue.put_job(self._start_over)

    def take(self, messages: list[Arrived]) -> None:
        """Commit messages; online devices get what they lack."""
        effects: list[Effect] = []
        if not self.with_database(lambda: effects.extend(ingest_all(messages, self.broker, first=False))):
            return
        for message in messages:
            self.session.acknowledge(message)
        if self._roll_calls_left:
            # Only by its presence is known which session and documents a device has.
            self._heard.update(
                device_name(each.topic) for each in messages if channel_of(each.topic) is topics.PRESENCE
            )
        if there := {effect.device for effect in effects if isinstance(effect, CameOnline)}:
            self._sending.came_online(there)

    def idle_s(self) -> float:
        """Return the seconds until something is due."""
        return 1.0 if self._roll_calls_left else POLL_S

    def rest(self) -> None:
        """Ask silent devices, and look for what is over."""
        now_s = time.monotonic()
        if self._roll_calls_left and now_s - self._begun_s >= self._roll_calls_left[0]:
            self._roll_calls_left.pop(0)
            self.with_database(lambda: self._sending.outgoing.call_the_roll(self._heard))
        if now_s - self._polled_s >= POLL_S:
            self._polled_s = now_s
            self.with_database(self._poll)

    def _poll(self) -> None:
        dropped: Counter[str] = Counter()
        for queue in self._queues:
            dropped += queue.take_dropped()
        self._floods.note(dropped)
        heard_all = time.monotonic() - self._begun_s > LONGEST_SILENCE.total_seconds()
        if self.session.is_connected and heard_all:
            self._sending.outgoing.silence(LONGEST_SILENCE)

    def _start_over(self) -> None:
        self._begun_s = time.monotonic()
        self._heard.clear()
        self._roll_calls_left = list(ROLL_CALLS_S)
        self._sending.start_over()
