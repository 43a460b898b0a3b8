"""A simulated power supply, set by method calls."""

from collections.abc import Callable

from hal.listener import Listener
from hal.ports import PowerState
from hal.simulated.component import SimulatedComponent


class SimulatedPower(SimulatedComponent):
    """A power supply that starts on mains with a full battery."""

    def __init__(self) -> None:
        super().__init__()
        self._state = PowerState(mains=True, battery=1.0)
        self._listener = Listener[PowerState]()

    def state(self) -> PowerState:
        """Return the state that was last set."""
        return PowerState() if self.dead else self._state

    def watch(self, heard: Callable[[PowerState], None]) -> None:
        """Set the callback; it is called on the thread that causes the change."""
        self._listener.set(heard)

    def lose_mains(self) -> None:
        """Lose the mains: the battery goes on."""
        self._become(self._state._replace(mains=False))

    def restore_mains(self) -> None:
        """Simulate the return of mains."""
        self._become(self._state._replace(mains=True))

    def set_battery(self, fraction: float) -> None:
        """Set the battery's charge, 0 to 1."""
        self._become(self._state._replace(battery=fraction))

    def close(self) -> None:
        """Stop reporting changes of mains and battery."""
        super().close()
        self._listener.clear()

    def _become(self, state: PowerState) -> None:
        self._state = state
        self.note("mains" if state.mains else "battery", state.battery or 0.0)
        if not self.dead:
            self._listener.notify(state)
