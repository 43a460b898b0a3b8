"""Simulated buttons, pressed by method calls."""

from collections.abc import Callable, Mapping

from hal.boottime import monotonic_s
from hal.button_timing import stuck
from hal.listener import Listener
from hal.ports import Action, ButtonEvent

BUTTONS = ("help",)


class SimulatedButtons:
    """Simulated buttons; ``history`` holds the names of pressed buttons, oldest first."""

    def __init__(self, names: tuple[str, ...] = BUTTONS, now_s: Callable[[], float] = monotonic_s) -> None:
        self.history: list[str] = []
        self._names = names
        self._now_s = now_s
        self._down: dict[str, float] = {}
        self._fault = ""
        self._listener = Listener[ButtonEvent]()

    @property
    def names(self) -> tuple[str, ...]:
        """Return the names given to the constructor."""
        return self._names

    def watch(self, heard: Callable[[ButtonEvent], None]) -> None:
        """Set the callback for all events; it is called on the thread that presses."""
        self._listener.set(heard)

    def listen(self, pressed: Callable[[str], None]) -> None:
        """Call ``pressed(name)`` for each press."""
        self.watch(lambda event: pressed(event.name) if event.action is Action.PRESSED else None)

    def pressed_since(self) -> Mapping[str, float]:
        """Return the buttons that are held and since when, in monotonic seconds."""
        return dict(self._down)

    def press(self, name: str) -> None:
        """Press and release a button. Raises ``ValueError`` for one that does not exist."""
        self._push(name)
        self.release(name)

    def hold(self, name: str) -> None:
        """Press a button and keep it down until ``release``. Raises ``ValueError`` as ``press`` does."""
        self._push(name)
        self._tell(name, Action.HELD, self._now_s())

    def release(self, name: str) -> None:
        """Release a button. Raises ``ValueError`` as ``press`` does."""
        self._check(name)
        if self._down.pop(name, None) is not None:
            self._tell(name, Action.RELEASED, self._now_s())

    def unplug(self, reason: str = "unplugged") -> None:
        """Simulate a cut wire: presses are recorded in the history but not reported."""
        self._fault = reason

    def plug(self) -> None:
        """Plug the button in again after ``unplug``."""
        self._fault = ""

    def health(self) -> str:
        """Return whether it is unplugged or a button is stuck."""
        return self._fault or stuck(self._down, self._now_s())

    def close(self) -> None:
        """Stop reporting presses and releases."""
        self._listener.clear()

    def _push(self, name: str) -> None:
        self._check(name)
        self.history.append(name)
        if name not in self._down:
            self._down[name] = now_s = self._now_s()
            self._tell(name, Action.PRESSED, now_s)

    def _check(self, name: str) -> None:
        if name not in self._names:
            raise ValueError(f"there is no button '{name}'; there are: {', '.join(self._names)}")

    def _tell(self, name: str, action: Action, at_s: float) -> None:
        if not self._fault:
            self._listener.notify(ButtonEvent(name, action, at_s))
