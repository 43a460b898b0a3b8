"""The health of the device on which this runs, in words."""

import os
from collections.abc import Iterator
from pathlib import Path

from device.contract.errors import ContractError
from device.contract.vital import DeviceHealth, PartHealth
from device.contract.wire import read


class NoHealth(Exception):
    """The health is unknown; the message says why."""


class Health:
    """The device's last health report."""

    def __init__(self, data_dir: Path) -> None:
        """Read the report. Raises ``NoHealth``."""
        file = data_dir / "health.json"
        try:
            self._said = read(file.read_bytes(), DeviceHealth)
        except FileNotFoundError:
            raise NoHealth(f"There is no {file}: has the device ever run?") from None
        except (OSError, ContractError) as error:
            raise NoHealth(f"{file} cannot be read: {error}.") from None
        self.is_running = _is_running(self._said.pid)

    @property
    def is_well(self) -> bool:
        """Return whether the device runs and no fitted component has a fault."""
        return self.is_running and not any(part.reason for part in self._said.parts)

    def lines(self) -> Iterator[str]:
        """Yield a line for each component, faults first."""
        if not self.is_running:
            yield "The device is not running. This is what it said last:"
        for part in sorted(self._said.parts, key=lambda part: not part.reason):
            yield _line(part)
        if self.is_well:
            yield "Everything that is fitted works."


def _line(part: PartHealth) -> str:
    since = part.since.astimezone()
    return f"{part.part}: {part.reason or 'works'} (since {since:%Y-%m-%d %H:%M})"


def _is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass  # the process belongs to another user, and runs
    return True
