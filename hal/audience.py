"""The watcher of a part: it gets each event, and cannot stop the part's thread."""

import logging
import threading
from collections import deque
from collections.abc import Callable
from typing import Generic, TypeVar

_log = logging.getLogger(__name__)

E_contra = TypeVar("E_contra", contravariant=True)

# Events that wait for the first watcher: more than anybody presses while a device starts.
_MOST_EARLY = 16


class Audience(Generic[E_contra]):
    """One watcher at a time; the last who came counts.

    What happens before the first watcher waits for it: a button pressed while the device starts was pressed.
    """

    def __init__(self) -> None:
        self._heard: Callable[[E_contra], None] | None = None
        self._early: deque[E_contra] | None = deque(maxlen=_MOST_EARLY)
        self._lock = threading.RLock()

    def watch(self, heard: Callable[[E_contra], None]) -> None:
        """From now on pass events to ``heard``: those that came before the first watcher at once."""
        with self._lock:
            self._heard = heard
            early, self._early = self._early, None
            for event in early or ():
                self._pass_on(heard, event)

    def leave(self) -> None:
        """Tell nobody."""
        with self._lock:
            self._heard = self._early = None

    def tell(self, event: E_contra) -> None:
        """A watcher that raises is logged."""
        with self._lock:
            heard = self._heard
            if heard is None and self._early is not None:
                self._early.append(event)
        if heard is not None:
            self._pass_on(heard, event)

    def _pass_on(self, heard: Callable[[E_contra], None], event: E_contra) -> None:
        try:
            heard(event)
        except Exception:  # noqa: BLE001 - the next press must still be heard
            _log.exception("the watcher of the hardware failed at %s", event)
