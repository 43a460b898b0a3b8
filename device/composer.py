"""Composes the Screen on a thread of its own, so that a slow document does not delay help (K21)."""

import threading
import time
from collections.abc import Callable

from msgspec import Struct

from device.rules.now import Now
from device.rules.state import State
from device.screen.compose import Composed, compose
from device.screen.people import PhotoOf


class Composition(Struct, frozen=True, kw_only=True):
    """The result of composing one state: a Screen, or the exception."""

    state: State
    outcome: Composed | Exception


class Composer:
    """Composes the newest state and skips those in between; ``done`` is called on its thread."""

    def __init__(self, photo_of: PhotoOf, done: Callable[[Composition], None]) -> None:
        self._photo_of = photo_of
        self._done = done
        self._newest: tuple[State, Now] | None = None
        self._busy_since_s: float | None = None
        self._is_over = False
        self._changed = threading.Condition()
        # A daemon thread: one that never returns must not keep the process alive.
        threading.Thread(target=self._run, name="composer", daemon=True).start()

    def compose(self, state: State, now: Now) -> None:
        """Request composition of this state."""
        with self._changed:
            self._newest = state, now
            self._changed.notify()

    def stop(self) -> None:
        """Stop accepting states; a composition under way is dropped."""
        with self._changed:
            self._is_over = True
            self._changed.notify()

    def busy_s(self) -> float:
        """Return for how many seconds the current composition has been running; 0 while idle."""
        since_s = self._busy_since_s
        return time.monotonic() - since_s if since_s is not None else 0.0

    def _run(self) -> None:
        while (next_ := self._wait()) is not None:
            state, now = next_
            outcome: Composed | Exception
            try:
                outcome = compose(state, now, self._photo_of)
            except Exception as error:  # noqa: BLE001 - the next state may be composed again
                outcome = error
            self._busy_since_s = None
            self._done(Composition(state=state, outcome=outcome))

    def _wait(self) -> tuple[State, Now] | None:
        with self._changed:
            self._changed.wait_for(lambda: self._newest is not None or self._is_over)
            next_, self._newest = self._newest, None
            self._busy_since_s = time.monotonic()
            return None if self._is_over else next_
