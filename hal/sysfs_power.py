"""Mains and battery from sysfs (Documentation/ABI/testing/sysfs-class-power)."""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

from hal.listener import Listener
from hal.ports import HardwareAbsent, PowerState

SYSFS = Path("/sys")
_LOOK_S = 5.0
_ON_MAINS = {"Charging", "Full", "Not charging"}


class SysfsPower:
    """Polls the power supply every few seconds; not every driver sends a uevent."""

    def __init__(self, sysfs: Path = SYSFS, look_s: float = _LOOK_S) -> None:
        """Start polling.

        Raises ``HardwareAbsent`` where the kernel reports neither a supply nor the voltage.
        """
        self._sysfs = sysfs
        self._look_s = look_s
        if not list(self._supplies()) and self._undervoltage() is None:
            raise HardwareAbsent(f"there is no power supply in {sysfs / 'class/power_supply'}")
        self._state, self._fault = self._read()
        self._listener = Listener[PowerState]()
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True, name="power")
        self._thread.start()

    def state(self) -> PowerState:
        """Return the state of the last poll."""
        return self._state

    def watch(self, heard: Callable[[PowerState], None]) -> None:
        """Set the callback; it is called on the polling thread."""
        self._listener.set(heard)

    def health(self) -> str:
        """Return the fault: undervoltage, or a battery that is worn or missing."""
        return self._fault

    def close(self) -> None:
        """Stop polling, and wait until the thread has ended."""
        self._listener.clear()
        self._closing.set()
        if threading.current_thread() is not self._thread:
            self._thread.join(timeout=5.0)

    def _run(self) -> None:
        reported = self._state
        while not self._closing.wait(self._look_s):
            self._state, self._fault = self._read()
            if _differs(reported, self._state):
                reported = self._state
                self._listener.notify(reported)

    def _read(self) -> tuple[PowerState, str]:
        online: list[bool] = []
        charging: list[bool] = []
        charges, faults = [], []
        for supply in self._supplies():
            if _text(supply / "type") == "Battery":
                charge, charges_now, fault = _battery(supply)
                charges += [charge] if charge is not None else []
                charging += [charges_now] if charges_now is not None else []
                faults += [f"{supply.name}: {fault}"] if fault else []
            elif (word := _text(supply / "online")) in ("0", "1"):
                online.append(word == "1")
        if self._undervoltage():
            faults.append("the power supply is too weak: the voltage was too low")
        # The charger takes precedence over the battery: a full one reports "Full" for a while without mains.
        mains = any(online or charging) if online or charging else None
        battery = sum(charges) / len(charges) if charges else None
        return PowerState(mains, battery), "; ".join(faults)

    def _supplies(self) -> Iterator[Path]:
        """Yield the supplies except the batteries of mice and keyboards."""
        for supply in sorted((self._sysfs / "class/power_supply").glob("*")):
            if _text(supply / "scope") != "Device":
                yield supply

    def _undervoltage(self) -> bool | None:
        """Return a Raspberry Pi's undervoltage flag (drivers/hwmon/raspberrypi-hwmon.c); None elsewhere."""
        for sensor in (self._sysfs / "class/hwmon").glob("*"):
            if _text(sensor / "name") == "rpi_volt":
                return _text(sensor / "in0_lcrit_alarm") == "1"
        return None


def _battery(supply: Path) -> tuple[float | None, bool | None, str]:
    """Return the battery's charge, whether it is on mains, and its fault."""
    if _text(supply / "present") == "0":
        return None, None, "the battery is missing"
    capacity, status = _text(supply / "capacity"), _text(supply / "status")
    charge = min(1.0, int(capacity) / 100) if capacity.isdigit() else None
    charging = status in _ON_MAINS if status in {*_ON_MAINS, "Discharging"} else None
    if charge is None:
        return None, charging, "its charge cannot be read"
    condition = _text(supply / "health")
    return charge, charging, "" if condition in ("", "Good", "Unknown") else f"the battery says {condition}"


def _differs(reported: PowerState, now: PowerState) -> bool:
    if (reported.mains, reported.low, reported.battery is None) != (now.mains, now.low, now.battery is None):
        return True
    return (
        reported.battery is not None
        and now.battery is not None
        and abs(reported.battery - now.battery) >= 0.05
    )


def _text(path: Path) -> str:
    """Read a file; return an empty string where it is missing or the driver fails."""
    try:
        return path.read_text(encoding="ascii", errors="replace").strip()
    except OSError:
        return ""
