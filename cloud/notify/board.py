"""The notice board of one process: who waits for which hints, and the way to the other processes."""

import contextlib
import logging
import threading
import uuid
from collections import deque
from collections.abc import Iterator

from cloud.notify.cells import brokers
from cloud.notify.doors import web_door
from cloud.notify.mailbox import Mailbox
from cloud.notify.session import Arrived, Session
from device.contract import topics
from device.contract.identity import partition

log = logging.getLogger(__name__)

CHANGED, WAKE = "desk/changed", "desk/wake"
MOST_PENDING = 500
MOST_SUBJECTS, MOST_FRAMES = 20, 2


class Board:
    """Delivers hints within the process at once, and to others over the broker when there is one."""

    def __init__(self) -> None:
        self.is_closed = False
        self._lock = threading.Lock()
        self._waiting: dict[Mailbox[str], str] = {}
        self._looking: dict[Mailbox[bytes], str] = {}
        self._pending: deque[tuple[str, bytes]] = deque(maxlen=MOST_PENDING)
        self._sessions = self._make_sessions()
        for session in self._sessions:
            session.open()

    @property
    def is_connected(self) -> bool:
        """Whether hints reach other processes now."""
        return any(session.is_connected for session in self._sessions)

    @property
    def is_waited_for(self) -> bool:
        """Whether anybody in this process waits for hints."""
        return bool(self._waiting)

    def tell_changed(self, organisation_path: str, subject: str) -> None:
        """Something has changed in this organisation (``/1/5/``)."""
        self._deliver(organisation_path, subject)
        self._send(CHANGED + organisation_path.rstrip("/"), subject.encode())

    def tell_wake(self, device: str) -> None:
        """There is something to send to this device."""
        self._send(f"{WAKE}/{partition(device)}", device.encode())

    @contextlib.contextmanager
    def waiting(self, organisation_path: str) -> Iterator[Mailbox[str]]:
        """A mailbox for subjects that change in this organisation or below it."""
        mailbox = Mailbox[str](MOST_SUBJECTS)
        with self._lock:
            self._waiting[mailbox] = organisation_path
        try:
            yield mailbox
        finally:
            with self._lock:
                del self._waiting[mailbox]

    @contextlib.contextmanager
    def looking(self, device: str) -> Iterator[Mailbox[bytes]]:
        """A mailbox for the pictures of this device's screen; none come without a broker."""
        mailbox = Mailbox[bytes](MOST_FRAMES)
        topic = topics.topic(device, topics.LOOK)
        with self._lock:
            self._looking[mailbox] = topic
        for session in self._connected_sessions():
            session.subscribe([topic], qos=0)
        try:
            yield mailbox
        finally:
            with self._lock:
                del self._looking[mailbox]
                is_last = topic not in self._looking.values()
            for session in self._connected_sessions() if is_last else ():
                session.unsubscribe([topic])

    def is_looked_at(self, device: str) -> bool:
        """Whether somebody in this process looks at the device's screen."""
        with self._lock:
            return topics.topic(device, topics.LOOK) in self._looking.values()

    def close(self) -> None:
        """Wakes everybody who waits, for the last time."""
        self.is_closed = True
        with self._lock:
            bells = [box.ring for box in self._waiting] + [box.ring for box in self._looking]
        for ring in bells:
            ring()
        for session in self._sessions:
            session.close()

    def connected(self) -> None:
        """Subscribes again, and sends what waited; twice at the same broker does no harm."""
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
        """A hint of another process, or a picture."""
        if message.topic.startswith(CHANGED):
            path = message.topic.removeprefix(CHANGED) + "/"
            self._deliver(path, message.payload.decode(errors="replace"))
            return
        with self._lock:
            readers = [mailbox for mailbox, topic in self._looking.items() if topic == message.topic]
        for reader in readers:
            reader.put(message.payload)

    def sent(self, mid: int, refusal: str) -> None:
        """Hints are not followed up."""

    def disconnected(self, reason: str) -> None:
        """The session comes back by itself; meanwhile hints wait, the oldest are dropped."""

    def _deliver(self, organisation_path: str, subject: str) -> None:
        with self._lock:
            readers = [box for box, path in self._waiting.items() if organisation_path.startswith(path)]
        for reader in readers:
            reader.put(subject)

    def _send(self, topic: str, payload: bytes) -> None:
        """By every broker: whoever should hear it may have but one of them."""
        sent = [session.publish(topic, payload, qos=0) for session in self._sessions]
        if self._sessions and all(mid is None for mid in sent):
            with self._lock:
                self._pending.append((topic, payload))

    def _connected_sessions(self) -> list[Session]:
        return [session for session in self._sessions if session.is_connected]

    def _make_sessions(self) -> list[Session]:
        try:
            name = f"desk-web-{uuid.uuid4().hex}"
            return [Session(web_door(name, broker), self) for broker in brokers()]
        except OSError:
            log.exception("No hints between processes: the desk's certificates cannot be read")
            return []
