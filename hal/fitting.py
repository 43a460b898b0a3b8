"""Opens the adapters of the board's file; a component that fails to open reports why."""

import logging
from collections.abc import Callable
from typing import Any

from hal import absent
from hal.adapters import Adapter, Backlight, Simulated
from hal.board import BoardConfig
from hal.ports import PARTS, Hardware, HardwareError
from hal.simulated import SimulatedHardware

_log = logging.getLogger(__name__)

_ABSENT: dict[str, Callable[[str], Any]] = {
    "buttons": absent.AbsentButtons,
    "pendants": absent.AbsentPendants,
    "speaker": absent.AbsentSpeaker,
    "microphone": absent.AbsentMicrophone,
    "lights": absent.AbsentLights,
    "display": absent.AbsentDisplay,
    "power": absent.AbsentPower,
    "modem": absent.AbsentModem,
    "camera": absent.AbsentPart,
}


def build(fitted: BoardConfig) -> Hardware:
    """Open every component; never raises.

    One that cannot be opened is absent, with the reason in its health.
    """
    simulated = SimulatedHardware.make()
    parts = {part: _open(part, getattr(fitted, part), simulated) for part in PARTS}
    return Hardware(**parts, fitted=frozenset(part for part in PARTS if getattr(fitted, part) is not None))


def _open(part: str, fitting: Adapter | None, simulated: SimulatedHardware) -> Any:
    if fitting is None:
        return _ABSENT[part]("")
    if isinstance(fitting, Simulated):
        return getattr(simulated, part)
    try:
        return fitting.open()
    except HardwareError as error:
        return _absent(part, fitting, str(error))
    except Exception as error:  # noqa: BLE001 - the device must run whatever a vendor's library raises
        _log.exception("%s cannot be used", type(fitting).__name__)
        return _absent(part, fitting, f"{type(error).__name__}: {error}")


def _absent(part: str, fitting: Adapter, reason: str) -> Any:
    """A panel without backlight control still has a size."""
    if isinstance(fitting, Backlight):
        return absent.AbsentDisplay(reason, fitting.panel())
    return _ABSENT[part](reason)
