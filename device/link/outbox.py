"""Publishes outbox events until the desk acknowledges them; a PUBACK is not an acknowledgement."""

from collections.abc import Callable

from device.contract import topics
from device.link.session import Session
from device.performers import Performs
from device.rules.effects import Record
from device.store.database import Store

WINDOW = 20
# Without a receipt for this long the connection is closed; doubled while that does not help.
FIRST_PATIENCE_S = 6.0
LAST_PATIENCE_S = 60.0
# Where no desk worker is subscribed another connection would not help: publish again on this one.
SAY_AGAIN_S = 1.0


class Outbox:
    """Publishes at most ``WINDOW`` events at once; all are sent again, in order, on each connection."""

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
        """Return the effects it performs.

        A recorded event is in the store already, and is sent in its turn.
        """
        return {Record: lambda _effect, _state, _now: self.send()}

    def connected(self) -> None:
        """Start again with the oldest event."""
        self._connected = True
        self._begin_again()

    def disconnected(self) -> None:
        """Stop: no event is in flight any more."""
        self._connected = False
        self._say_again_s = None
        self._under_way.clear()

    def nobody_listens(self) -> None:
        """The broker dropped the events: the desk is between two workers."""
        if self._connected and self._say_again_s is None:
            self._say_again_s = self._monotonic_s() + self._pause_s
            self._pause_s = min(self._pause_s * 2, FIRST_PATIENCE_S)

    def received(self, ids: frozenset[str]) -> None:
        """Remove acknowledged events and send the next. The caller's transaction drops their rows."""
        # By whichever path it came: the desk is up, so a silent connection is itself at fault.
        self._patience_s, self._pause_s = FIRST_PATIENCE_S, SAY_AGAIN_S
        if ids & self._under_way:
            self._heard_s = self._monotonic_s()
        self._under_way -= ids
        self.send()

    def send(self) -> None:
        """Publish events until the window is full."""
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
        """Close a connection on which no receipt arrives: it may be half open."""
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
        """Return the seconds until ``check`` is due; None while nothing is in flight."""
        if not self._connected or not self._under_way:
            return None
        due_s = self._heard_s + self._patience_s if self._say_again_s is None else self._say_again_s
        return max(0.0, due_s - self._monotonic_s())

    def _begin_again(self) -> None:
        self._under_way.clear()
        self._last_sent = 0
        self._say_again_s = None
        self.send()
