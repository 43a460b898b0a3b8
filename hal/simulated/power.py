"""A mains plug and a battery in the test's hand."""

from collections.abc import Callable

from hal.audience import Audience
from hal.ports import PowerState
from hal.simulated.part import SimulatedPart


class SimulatedPower(SimulatedPart):
    """Starts on mains with a full battery."""

    def __init__(self) -> None:
        super().__init__()
        self._state = PowerState(mains=True, battery=1.0)
        self._audience = Audience[PowerState]()

    def state(self) -> PowerState:
        """As last set."""
        return PowerState() if self.dead else self._state

    def watch(self, heard: Callable[[PowerState], None]) -> None:
        """Tell ``heard`` what changes, on the thread that changes it."""
        self._audience.watch(heard)

    def lose_mains(self) -> None:
        """The plug is out, or the house is dark."""
        self._become(self._state._replace(mains=False))

    def restore_mains(self) -> None:
        """Back."""
        self._become(self._state._replace(mains=True))

    def set_battery(self, fraction: float) -> None:
        """0 to 1."""
        self._become(self._state._replace(battery=fraction))

    def close(self) -> None:
        """Nothing more is told."""
        super().close()
        self._audience.leave()

    def _become(self, state: PowerState) -> None:
        self._state = state
        self.note("mains" if state.mains else "battery", state.battery or 0.0)
        if not self.dead:
            self._audience.tell(state)
