"""A modem at a serial port of this computer, shared by the organisations that use it."""

import queue
import threading
from collections.abc import Sequence

from cloud.delivery.channel import Handed, NotSent, Outgoing, Report
from cloud.delivery.text_parts import length
from hal.at_modem import AtModem
from hal.ports.modem import Modem, ModemEvent, SmsDelivered, SmsFailed, SmsSent

# A network may take a minute for a segment.
PART_S = 60.0
MOST_REPORTS = 5000


class _Shared:
    """The modem of one port, open while any session uses it."""

    def __init__(self, port: str) -> None:
        self.users = 0
        self.modem: Modem = AtModem(port)
        self.sent: dict[str, queue.SimpleQueue[ModemEvent]] = {}
        self.reports: queue.Queue[Report] = queue.Queue(MOST_REPORTS)
        self.modem.watch(self._hear)

    def _hear(self, event: ModemEvent) -> None:
        waiting = self.sent.get(event.id) if isinstance(event, SmsSent | SmsFailed) else None
        if waiting is not None:
            waiting.put(event)
        elif isinstance(event, SmsDelivered | SmsFailed) and not self.reports.full():
            is_there = isinstance(event, SmsDelivered)
            reason = "" if isinstance(event, SmsDelivered) else event.reason
            self.reports.put(Report("delivered" if is_there else "failed", id=event.id, reason=reason))


_lock = threading.Lock()
_open: dict[str, _Shared] = {}


class ModemSession:
    """A session with the shared modem."""

    def __init__(self, port: str) -> None:
        self._port = port
        with _lock:
            self._shared = _open.get(port) or _open.setdefault(port, _Shared(port))
            self._shared.users += 1

    def send(self, outgoing: Outgoing) -> Handed:
        """Send a message; returns once the network has accepted every segment. Raises ``NotSent``."""
        parts = length(outgoing.body).parts
        shared, answer = self._shared, queue.SimpleQueue[ModemEvent]()
        shared.sent[outgoing.id] = answer
        try:
            shared.modem.send(outgoing.address, outgoing.body, outgoing.id)
            event = _wait(answer, parts * PART_S)
        finally:
            shared.sent.pop(outgoing.id, None)
        if isinstance(event, SmsSent):
            return Handed("", parts)
        raise NotSent(event.reason if isinstance(event, SmsFailed) else "the modem does not answer")

    def poll(self) -> Sequence[Report]:
        """Return the delivery reports since the last call, of all sessions of this port."""
        reports = []
        while not self._shared.reports.empty():
            reports.append(self._shared.reports.get())
        return reports

    def close(self) -> None:
        """Close the port when no other session uses it."""
        with _lock:
            self._shared.users -= 1
            if self._shared.users == 0:
                _open.pop(self._port, None)
                self._shared.modem.close()


def _wait(answer: "queue.SimpleQueue[ModemEvent]", most_s: float) -> ModemEvent | None:
    try:
        return answer.get(timeout=most_s)
    except queue.Empty:
        return None
