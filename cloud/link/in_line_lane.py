"""Which screens of open visits are there: what they say again and again is kept in memory alone (Q9)."""

import time

from cloud.link.intake import device_name
from cloud.link.lane import Lane
from cloud.notify.cells import Broker
from cloud.notify.session import Arrived
from cloud.queue.in_line import InLine
from device.contract import topics

LOOK_EACH_S = 0.5


class InLineLane(Lane):
    """Hears the screens, and twice a second shows those that are silent as away."""

    name = "in-line"
    channels = (topics.IN_LINE,)

    def __init__(self, broker: Broker, in_line: InLine) -> None:
        super().__init__(broker)
        # One for all brokers: a screen that has just changed its own was heard by the other.
        self._in_line = in_line
        self._looked_s = 0.0

    def begun(self, _partitions: str) -> None:
        """Nobody could be heard until now."""
        self._in_line.begin_again()

    def disconnected(self, _reason: str) -> None:
        """Nobody can be heard: nobody is called away for that."""
        self._in_line.begin_again()

    def arrived(self, message: Arrived) -> None:
        """No database is asked, so nobody is ever heard too late."""
        self._in_line.hear(device_name(message.topic))

    def take(self, messages: list[Arrived]) -> None:
        """Nothing comes to its queue."""

    def idle_s(self) -> float:
        """Until the next look."""
        return LOOK_EACH_S

    def rest(self) -> None:
        """The look at all visits that are open."""
        if self.session.is_connected and time.monotonic() - self._looked_s >= LOOK_EACH_S:
            self._looked_s = time.monotonic()
            self.with_database(lambda: self._in_line.turn(self._partitions, self.broker))
