"""The one listener of a hardware component: it receives each event, and its errors do not stop the thread."""

import logging
import threading
from collections import deque
from collections.abc import Callable
from typing import Generic, TypeVar

_log = logging.getLogger(__name__)

E_contra = TypeVar("E_contra", contravariant=True)

# Events buffered for the first listener: more than anybody presses while a device starts.
_MOST_EARLY = 16


class Listener(Generic[E_contra]):
    """Holds one listener; a later one replaces it.

    Events before the first listener are buffered: a button press while the device starts must not be lost.
    """

    def __init__(self) -> None:
        self._callback: Callable[[E_contra], None] | None = None
        self._early: deque[E_contra] | None = deque(maxlen=_MOST_EARLY)
        self._lock = threading.RLock()

    def set(self, callback: Callable[[E_contra], None]) -> None:
        """Set the listener and pass it the events that were buffered before the first one."""
        with self._lock:
            self._callback = callback
            early, self._early = self._early, None
            for event in early or ():
                self._pass_on(callback, event)

    def clear(self) -> None:
        """Remove the listener and drop buffered events."""
        with self._lock:
            self._callback = self._early = None

    def notify(self, event: E_contra) -> None:
        """Pass an event to the listener, or buffer it. An exception of the listener is logged."""
        with self._lock:
            callback = self._callback
            if callback is None and self._early is not None:
                self._early.append(event)
        if callback is not None:
            self._pass_on(callback, event)

    def _pass_on(self, callback: Callable[[E_contra], None], event: E_contra) -> None:
        try:
            callback(event)
        except Exception:  # noqa: BLE001 - the next press must still be reported
            _log.exception("the listener of the hardware failed at %s", event)
