"""Sends what waits in the outbox until the desk says to have it. PUBACK is not delivery."""

from collections.abc import Callable

from device.contract import topics
from device.link.session import Session
from device.performers import Performs
from device.rules.effects import Record
from device.store.database import Store

WINDOW = 20
# Without a receipt for so long, the connection is not believed any more; doubled while nothing helps.
FIRST_PATIENCE_S = 6.0
LAST_PATIENCE_S = 60.0
# Where nobody at the desk listens another connection would not help: the same is said again on this one.
SAY_AGAIN_S = 1.0


class Outbox:
    """At most ``WINDOW`` events are under way; all are sent again, in order, on each connection."""

    def __init__(self, store: Store, session: Session, monotonic_s: Callable[[], float]) -> None:
        self._store = store
        self._session = session
        self._monotonic_s = monotonic_s
        self._connected = False
        self._under_way: set[str] = set()
        self._last_sent = 0
        self._patience_s = FIRST_PATIENCE_S
        self._heard_s = 0.0
        self._say_again_s: float | None = None
        self._pause_s = SAY_AGAIN_S

    def performs(self) -> Performs:
        """An event that was recorded is in the store already: it is sent as soon as its turn comes."""
        return {Record: lambda _effect, _state, _now: self.send()}

    def connected(self) -> None:
        """Begin again with the oldest."""
        self._connected = True
        self._begin_again()

    def disconnected(self) -> None:
        """Nothing is under way."""
        self._connected = False
        self._say_again_s = None
        self._under_way.clear()

    def nobody_listens(self) -> None:
        """The broker has dropped what was sent: the desk is between two of its workers."""
        if self._connected and self._say_again_s is None:
            self._say_again_s = self._monotonic_s() + self._pause_s
            self._pause_s = min(self._pause_s * 2, FIRST_PATIENCE_S)

    def received(self, ids: frozenset[str]) -> None:
        """The desk has these: the next may go. Their rows are dropped by the caller's transaction."""
        # By whichever way it came: the desk is there, and a connection that is silent is to blame itself.
        self._patience_s, self._pause_s = FIRST_PATIENCE_S, SAY_AGAIN_S
        if ids & self._under_way:
            self._heard_s = self._monotonic_s()
        self._under_way -= ids
        self.send()

    def send(self) -> None:
        """Fill the window."""
        if not self._connected or self._last_sent == self._store.last_sequence:
            return
        if not self._under_way:
            self._heard_s = self._monotonic_s()
        for waiting in self._store.waiting(WINDOW - len(self._under_way), after=self._last_sent):
            self._under_way.add(waiting.id)
            self._last_sent = waiting.sequence
            self._session.publish(topics.EVENT, waiting.payload)
        if len(self._under_way) < WINDOW:
            self._last_sent = self._store.last_sequence

    def check(self) -> None:
        """Leave a connection on which no receipt comes: it may be half open."""
        if not self._connected or not self._under_way:
            return
        if self._say_again_s is not None:
            if self._monotonic_s() >= self._say_again_s:
                self._begin_again()
        elif self._monotonic_s() - self._heard_s >= self._patience_s:
            self._patience_s = min(self._patience_s * 2, LAST_PATIENCE_S)
            self._session.reconnect("the desk does not answer on this connection")
            self._connected = False

    def seconds_to_check(self) -> float | None:
        """When ``check`` has something to do; None while nothing is under way."""
        if not self._connected or not self._under_way:
            return None
        due_s = self._heard_s + self._patience_s if self._say_again_s is None else self._say_again_s
        return max(0.0, due_s - self._monotonic_s())

    def _begin_again(self) -> None:
        self._under_way.clear()
        self._last_sent = 0
        self._say_again_s = None
        self.send()
