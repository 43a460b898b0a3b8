"""The publish-subscribe hub of one process, connected to the other processes by the broker."""

import contextlib
import logging
import threading
import uuid
from collections import deque
from collections.abc import Iterator

from cloud.notify.bounded_queue import BoundedQueue
from cloud.notify.broker_settings import web_settings
from cloud.notify.cells import brokers
from cloud.notify.changes import ChangeQueue, each_row, written
from cloud.notify.session import Arrived, Session
from device.contract import topics
from device.contract.identity import partition

log = logging.getLogger(__name__)

CHANGED, WAKE = "desk/changed", "desk/wake"
MOST_PENDING = 500
MOST_FRAMES = 2


class Hub:
    """Delivers notifications within the process at once, and to others over the broker if there is one."""

    def __init__(self) -> None:
        self.is_closed = False
        self._lock = threading.Lock()
        self._waiting: dict[ChangeQueue, str] = {}
        self._looking: dict[BoundedQueue[bytes], str] = {}
        self._pending: deque[tuple[str, bytes]] = deque(maxlen=MOST_PENDING)
        self._sessions = self._make_sessions()
        for session in self._sessions:
            session.open()

    @property
    def is_connected(self) -> bool:
        """Return whether notifications reach other processes now."""
        return any(session.is_connected for session in self._sessions)

    @property
    def is_waited_for(self) -> bool:
        """Return whether this process has any subscriber."""
        return bool(self._waiting)

    def tell_changed(self, organisation_path: str, subject: str, *rows: str) -> None:
        """Publish that something has changed in this organisation (``/1/5/``), or in these rows of it."""
        change = written(subject, *rows)
        self._deliver(organisation_path, change)
        self._send(CHANGED + organisation_path.rstrip("/"), change.encode())

    def tell_wake(self, device: str) -> None:
        """Publish that there is something to send to this device."""
        self._send(f"{WAKE}/{partition(device)}", device.encode())

    @contextlib.contextmanager
    def waiting(self, organisation_path: str) -> Iterator[ChangeQueue]:
        """Subscribe to notifications of this organisation and those below it."""
        queue = ChangeQueue()
        with self._lock:
            self._waiting[queue] = organisation_path
        try:
            yield queue
        finally:
            with self._lock:
                del self._waiting[queue]

    @contextlib.contextmanager
    def looking(self, device: str) -> Iterator[BoundedQueue[bytes]]:
        """Subscribe to the pictures of this device's screen; none arrive without a broker."""
        queue = BoundedQueue[bytes](MOST_FRAMES)
        topic = topics.topic(device, topics.REMOTE_VIEW)
        with self._lock:
            self._looking[queue] = topic
        for session in self._connected_sessions():
            session.subscribe([topic], qos=0)
        try:
            yield queue
        finally:
            with self._lock:
                del self._looking[queue]
                is_last = topic not in self._looking.values()
            for session in self._connected_sessions() if is_last else ():
                session.unsubscribe([topic])

    def is_looked_at(self, device: str) -> bool:
        """Return whether this process has a subscriber to the device's screen."""
        with self._lock:
            return topics.topic(device, topics.REMOTE_VIEW) in self._looking.values()

    def close(self) -> None:
        """Wake every subscriber for the last time."""
        self.is_closed = True
        with self._lock:
            bells = [box.ring for box in self._waiting] + [box.ring for box in self._looking]
        for ring in bells:
            ring()
        for session in self._sessions:
            session.close()

    def connected(self) -> None:
        """Subscribe again, and publish what was queued; calling it twice at the same broker is safe."""
        with self._lock:
            looked_at = sorted(set(self._looking.values()))
            pending = list(self._pending)
            self._pending.clear()
        for session in self._connected_sessions():
            session.subscribe([f"{CHANGED}/#"], qos=0, own=False)
            session.subscribe(looked_at, qos=0)
        for topic, payload in pending:
            self._send(topic, payload)

    def arrived(self, message: Arrived) -> None:
        """Deliver a notification from another process, or a picture."""
        if message.topic.startswith(CHANGED):
            path = message.topic.removeprefix(CHANGED) + "/"
            self._deliver(path, message.payload.decode(errors="replace"))
            return
        with self._lock:
            readers = [queue for queue, topic in self._looking.items() if topic == message.topic]
        for reader in readers:
            reader.put(message.payload)

    def sent(self, mid: int, refusal: str) -> None:
        """Do nothing: notifications are not confirmed."""

    def disconnected(self, reason: str) -> None:
        """Queue notifications until the session is back; the oldest are dropped."""

    def _deliver(self, organisation_path: str, change: str) -> None:
        with self._lock:
            readers = [box for box, path in self._waiting.items() if organisation_path.startswith(path)]
        for reader in readers:
            reader.put(*each_row(change))

    def _send(self, topic: str, payload: bytes) -> None:
        """Publish at every broker: a subscriber may be connected to only one of them."""
        sent = [session.publish(topic, payload, qos=0) for session in self._sessions]
        if self._sessions and all(mid is None for mid in sent):
            with self._lock:
                self._pending.append((topic, payload))

    def _connected_sessions(self) -> list[Session]:
        return [session for session in self._sessions if session.is_connected]

    def _make_sessions(self) -> list[Session]:
        try:
            name = f"desk-web-{uuid.uuid4().hex}"
            return [Session(web_settings(name, broker), self) for broker in brokers()]
        except OSError:
            log.exception("No change notifications between processes: the desk's certificates cannot be read")
            return []
