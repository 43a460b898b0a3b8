"""Debouncing, long presses and stuck buttons, shared by all button adapters."""

import threading
from collections.abc import Callable, Mapping

from hal.boottime import monotonic_s
from hal.listener import Listener
from hal.ports import STUCK_S, Action, ButtonEvent

HOLD_S = 2.0
# Contacts of push buttons bounce for some milliseconds; no finger is as fast.
BOUNCE_S = 0.03


class ButtonTiming:
    """Turns contact levels into button events.

    ``level`` may be called from one thread; events come from its own.

    A press is reported at its first edge. Edges within ``BOUNCE_S`` are a bounce: only if the level differs
    afterwards is a release reported.
    """

    def __init__(self, names: tuple[str, ...], hold_s: float = HOLD_S) -> None:
        self.names = names
        self._hold_s = hold_s
        self._level = dict.fromkeys(names, False)
        self._down: dict[str, float] = {}
        self._held: set[str] = set()
        self._events: list[ButtonEvent] = []
        self._quiet_until: dict[str, float] = dict.fromkeys(names, 0.0)
        self._changed = threading.Condition()
        self._closed = False
        self._listener = Listener[ButtonEvent]()
        self._thread = threading.Thread(target=self._run, daemon=True, name="buttons")
        self._thread.start()

    def watch(self, heard: Callable[[ButtonEvent], None]) -> None:
        """Set the callback for all button events."""
        with self._changed:
            self._listener.set(heard)

    def listen(self, pressed: Callable[[str], None]) -> None:
        """Set the callback for presses only."""
        self.watch(lambda event: pressed(event.name) if event.action is Action.PRESSED else None)

    def level(self, name: str, *, down: bool) -> None:
        """Record the contact's current level."""
        with self._changed:
            self._level[name] = down
            # Detected here and not on the thread: a press that ends before that wakes up still counts.
            self._events += self._event(name, monotonic_s())
            self._changed.notify()

    def let_go_all(self) -> None:
        """Release all buttons: the device was unplugged."""
        with self._changed:
            self._level = dict.fromkeys(self.names, False)
            self._changed.notify()

    def pressed_since(self) -> Mapping[str, float]:
        """Return the buttons that are down and since when, in monotonic seconds."""
        with self._changed:
            return dict(self._down)

    def stuck(self) -> str:
        """Return a readable list of buttons that have been down too long; empty where there is none."""
        return stuck(self.pressed_since(), monotonic_s())

    def close(self) -> None:
        """Stop the thread; no more events are reported."""
        self._listener.clear()
        with self._changed:
            self._closed = True
            self._changed.notify()
        if threading.current_thread() is not self._thread:
            self._thread.join(timeout=5.0)

    def _run(self) -> None:
        while not self._closed:
            with self._changed:
                for name in self.names:
                    self._events += self._event(name, monotonic_s())
                if not self._events and not self._closed:
                    self._changed.wait(self._seconds_to_next())
                events, self._events = self._events, []
            for event in events:
                self._listener.notify(event)

    def _event(self, name: str, now_s: float) -> list[ButtonEvent]:
        if self._level[name] != (name in self._down) and now_s >= self._quiet_until[name]:
            self._quiet_until[name] = now_s + BOUNCE_S
            if self._level[name]:
                self._down[name] = now_s
                return [ButtonEvent(name, Action.PRESSED, now_s)]
            del self._down[name]
            self._held.discard(name)
            return [ButtonEvent(name, Action.RELEASED, now_s)]
        if name in self._down and name not in self._held and now_s >= self._down[name] + self._hold_s:
            self._held.add(name)
            return [ButtonEvent(name, Action.HELD, now_s)]
        return []

    def _seconds_to_next(self) -> float | None:
        """Return the seconds until a bounce or a long press ends; None while nothing is pressed."""
        now_s = monotonic_s()
        bounces = [
            self._quiet_until[name] for name in self.names if self._level[name] != (name in self._down)
        ]
        holds = [since_s + self._hold_s for name, since_s in self._down.items() if name not in self._held]
        times = bounces + holds
        return max(0.0, min(times) - now_s) if times else None


def stuck(down: Mapping[str, float], now_s: float) -> str:
    """Return a readable list of buttons that have been down for ``STUCK_S``; empty where there is none."""
    found = [
        f"'{name}' for {now_s - since_s:.0f} s"
        for name, since_s in down.items()
        if now_s - since_s >= STUCK_S
    ]
    return f"pressed without a break, perhaps stuck: {', '.join(found)}" if found else ""
