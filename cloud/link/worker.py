"""The link worker between brokers and the database, for its leased partitions."""

import threading

from cloud.link.errors import LinkError
from cloud.link.event_lane import EventLane
from cloud.link.in_line_lane import InLineLane
from cloud.link.lane import Lane
from cloud.link.lease_keeper import LeaseKeeper
from cloud.link.outgoing_lane import OutgoingLane
from cloud.link.report_lane import ReportLane
from cloud.notify.cells import brokers
from cloud.queue.in_line import InLine

WATCH_S = 1.0


class Worker:
    """Handles messages from devices, and sends messages to them, until it is stopped."""

    def __init__(self) -> None:
        self._lanes: list[Lane] = []
        in_line = InLine()
        for broker in brokers():
            events, waiting = EventLane(broker), InLineLane(broker, in_line)
            sending = OutgoingLane(broker)
            reports = ReportLane(broker, sending, [events.queue, waiting.queue])
            self._lanes += [events, reports, sending, waiting]
        self._leases = LeaseKeeper(self._serve)
        self._stopping = threading.Event()
        self.partitions = ""

    def run(self) -> None:
        """Run until ``stop``. Raises ``LinkError`` after a fatal error."""
        for lane in self._lanes:
            lane.start()
        self._leases.start()
        try:
            while not self._stopping.wait(WATCH_S):
                if not (self._leases.is_alive and all(lane.is_alive for lane in self._lanes)):
                    raise LinkError("a part of the link has died")
        finally:
            self._leases.stop()
            for lane in self._lanes:
                lane.stop()

    @property
    def is_connected(self) -> bool:
        """Return whether every broker has accepted this worker."""
        return all(lane.session.is_connected for lane in self._lanes)

    def stop(self) -> None:
        """Make ``run`` return; callable from any thread and from a signal handler."""
        self._stopping.set()

    def _serve(self, partitions: str) -> None:
        self.partitions = partitions
        for lane in self._lanes:
            lane.serve(partitions)
