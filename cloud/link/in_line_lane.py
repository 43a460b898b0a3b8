"""Presence of screens in the queue, from their repeated messages, held in memory only (Q9)."""

import time

from cloud.link.ingest import device_name
from cloud.link.lane import Lane
from cloud.notify.cells import Broker
from cloud.notify.session import Arrived
from cloud.queue.in_line import InLine
from device.contract import topics

LOOK_EACH_S = 0.5


class InLineLane(Lane):
    """Receives presence, and twice a second marks silent screens as away."""

    name = "in-line"
    channels = (topics.IN_LINE,)

    def __init__(self, broker: Broker, in_line: InLine) -> None:
        super().__init__(broker)
        # Shared by all brokers: a screen that changed its broker was received by the other.
        self._in_line = in_line
        self._looked_s = 0.0

    def begun(self, _partitions: str) -> None:
        """Restart the presence timeouts: nothing could be received until now."""
        self._in_line.begin_again()

    def disconnected(self, _reason: str) -> None:
        """Suspend the timeouts: without a connection no screen counts as away."""
        self._in_line.begin_again()

    def arrived(self, message: Arrived) -> None:
        """Record presence without using the database, so that it is never late."""
        self._in_line.hear(device_name(message.topic))

    def take(self, messages: list[Arrived]) -> None:
        """Do nothing: no message uses this lane's queue."""

    def idle_s(self) -> float:
        """Return the seconds until the next check."""
        return LOOK_EACH_S

    def rest(self) -> None:
        """Check every half second which open visits have lost their device."""
        if self.session.is_connected and time.monotonic() - self._looked_s >= LOOK_EACH_S:
            self._looked_s = time.monotonic()
            self.with_database(lambda: self._in_line.turn(self._partitions, self.broker))
