"""Where the device's current comes from."""

from collections.abc import Callable
from typing import NamedTuple, Protocol

from hal.ports.part import Part

# Enough for a help request on every path and some minutes of light.
LOW_FRACTION = 0.15


class PowerState(NamedTuple):
    """``None`` where the device cannot tell. ``battery`` is 0 to 1."""

    mains: bool | None = None
    battery: float | None = None

    @property
    def low(self) -> bool:
        """On battery, and it will not last."""
        return self.mains is False and self.battery is not None and self.battery <= LOW_FRACTION


class Power(Part, Protocol):
    """Mains and battery. Mains lost is no fault: ``health`` is about what cannot be read, or is too weak."""

    def state(self) -> PowerState:
        """As last read, some seconds ago at most."""

    def watch(self, heard: Callable[[PowerState], None]) -> None:
        """Tell ``heard`` when mains come or go, the battery is low, or a twentieth of it is gone."""
