"""The lane of everything sent to devices except receipts."""

import threading
import time
from collections.abc import Collection

from cloud.link.lane import Lane
from cloud.link.outgoing import Outgoing
from cloud.notify import hub
from cloud.notify.cells import Broker
from cloud.notify.session import Arrived

POLL_S = 5.0


class OutgoingLane(Lane):
    """Sends documents and commands at once, however long devices' reports wait for the database's writer."""

    name = "outgoing"

    def __init__(self, broker: Broker) -> None:
        super().__init__(broker)
        self.outgoing = Outgoing(self.session, broker.name)
        self._polled_s = 0.0
        self._woken: set[str] = set()
        self._lock = threading.Lock()

    def filters(self, partitions: str) -> list[str]:
        """Return the topics of notifications from other processes."""
        return [f"{hub.WAKE}/{each}" for each in partitions]

    def serve(self, partitions: str) -> None:
        """Serve these partitions, and poll the database for them."""
        self.queue.put_job(lambda: setattr(self.outgoing, "partitions", partitions))
        super().serve(partitions)

    def begun(self, _partitions: str) -> None:
        """Send what is due when partitions are gained: hints may have been lost meanwhile."""
        self.queue.put_job(self.outgoing.publish_due)

    def arrived(self, message: Arrived) -> None:
        """Merge many notifications into one database query."""
        with self._lock:
            if not self._woken:
                self.queue.put_job(self._publish_to_woken)
            self._woken.add(message.payload.decode(errors="replace"))
        self.session.acknowledge(message)

    def sent(self, mid: int, refusal: str, /) -> None:
        """Record a command as sent once the broker has accepted it."""
        super().sent(mid, refusal)
        if not refusal:
            self.queue.put_job(lambda: self.outgoing.sent(mid))

    def disconnected(self, _reason: str) -> None:
        """Request again what was in flight."""
        self.start_over()

    def start_over(self) -> None:
        """Send again everything that is not confirmed: an answer may have been missed."""
        self.queue.put_job(self.outgoing.forget_asked)
        self.queue.put_job(self.outgoing.publish_due)

    def came_online(self, devices: Collection[str]) -> None:
        """Send these devices what they lack."""
        self.queue.put_job(lambda: self.outgoing.make_due(devices))
        self.queue.put_job(lambda: self.outgoing.publish_due(devices))

    def idle_s(self) -> float:
        """Return the seconds until something is due."""
        return self.outgoing.seconds_until_due(POLL_S)

    def rest(self) -> None:
        """Poll the database for changes without a notification."""
        now_s = time.monotonic()
        if now_s - self._polled_s >= self.outgoing.seconds_until_due(POLL_S):
            self._polled_s = now_s
            self.with_database(self.outgoing.expire_commands)
            self.with_database(self.outgoing.publish_due)

    def _publish_to_woken(self) -> None:
        with self._lock:
            woken, self._woken = self._woken, set()
        self.outgoing.publish_due(woken)
