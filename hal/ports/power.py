"""The power supply: mains and battery."""

from collections.abc import Callable
from typing import NamedTuple, Protocol

from hal.ports.component import Component

# Enough to send help over every path and for some minutes of light.
LOW_FRACTION = 0.15


class PowerState(NamedTuple):
    """Power state; ``None`` where the device cannot detect it. ``battery`` is 0 to 1."""

    mains: bool | None = None
    battery: float | None = None

    @property
    def low(self) -> bool:
        """Return whether the device is on battery and below ``LOW``."""
        return self.mains is False and self.battery is not None and self.battery <= LOW_FRACTION


class Power(Component, Protocol):
    """Mains and battery. Lost mains is no fault: ``health`` covers sensors and batteries that fail."""

    def state(self) -> PowerState:
        """Return the state of the last reading, some seconds old at most."""

    def watch(self, heard: Callable[[PowerState], None]) -> None:
        """Set the callback for mains lost or restored, battery low, and each twentieth of its charge."""
