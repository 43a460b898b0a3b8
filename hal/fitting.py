"""Builds adapters from the board's file; a component that fails to open reports why."""

import logging
from collections.abc import Callable
from typing import Any, TypeVar

from hal import absent, board, simulated
from hal.board import Board
from hal.ports import PARTS, Hardware, HardwareError, Panel, Speaker

_log = logging.getLogger(__name__)

P = TypeVar("P")


def build(fitted: Board) -> Hardware:
    """Open every component; never raises.

    One that cannot be opened is absent, with the reason in its health.
    """
    speaker = _fit(fitted.speaker, _SPEAKERS, absent.AbsentSpeaker)
    microphones = {**_MICROPHONES, board.Simulated: lambda _: _simulated_microphone(speaker)}
    return Hardware(
        buttons=_fit(fitted.buttons, _BUTTONS, absent.AbsentButtons),
        pendants=_fit(fitted.pendants, _PENDANTS, absent.AbsentPendants),
        speaker=speaker,
        microphone=_fit(fitted.microphone, microphones, absent.AbsentMicrophone),
        lights=_fit(fitted.lights, _LIGHTS, absent.AbsentLights),
        display=_fit(fitted.display, _DISPLAYS, lambda reason: _absent_display(fitted, reason)),
        power=_fit(fitted.power, _SUPPLIES, absent.AbsentPower),
        modem=_fit(fitted.modem, _MODEMS, absent.AbsentModem),
        camera=_fit(fitted.camera, _CAMERAS, absent.AbsentPart),
        fitted=frozenset(part for part in PARTS if getattr(fitted, part) is not None),
    )


def _fit(fitting: Any, makers: dict[Any, Callable[[Any], P]], without: Callable[[str], P]) -> P:
    if fitting is None:
        return without("")
    try:
        return makers[type(fitting)](fitting)
    except HardwareError as error:
        return without(str(error))
    except Exception as error:  # noqa: BLE001 - the device must run whatever a vendor's library raises
        _log.exception("%s cannot be used", type(fitting).__name__)
        return without(f"{type(error).__name__}: {error}")


def _vlc(fitting: board.Vlc) -> Speaker:
    from hal.vlc_speaker import VlcSpeaker

    return VlcSpeaker(fitting.output)


def _sounddevice(fitting: board.Sounddevice) -> Any:
    from hal.sounddevice_microphone import SounddeviceMicrophone

    return SounddeviceMicrophone(fitting.device)


def _simulated_microphone(speaker: Speaker) -> Any:
    """Build a microphone that picks up the speaker if that is simulated too."""
    beside = speaker if isinstance(speaker, simulated.SimulatedSpeaker) else simulated.SimulatedSpeaker()
    return simulated.SimulatedMicrophone(beside)


def _gpio_buttons(fitting: board.GpioButtons) -> Any:
    from hal.gpiozero_buttons import GpiozeroButtons

    return GpiozeroButtons(fitting.pins, fitting.hold_s)


def _key_buttons(fitting: board.KeyButtons) -> Any:
    from hal.evdev_buttons import EvdevButtons

    return EvdevButtons(fitting.device, fitting.codes(), hold_s=fitting.hold_s)


def _gpio_lights(fitting: board.GpioLights) -> Any:
    from hal.gpiozero_lights import GpiozeroLights

    return GpiozeroLights(fitting.pins)


def _backlight(fitting: board.Backlight) -> Any:
    from hal.backlight_display import BacklightDisplay

    return BacklightDisplay(fitting.name, _panel(fitting))


def _absent_display(fitted: Board, reason: str) -> Any:
    """Build a panel without backlight control, which still has a size."""
    panel = _panel(fitted.display) if isinstance(fitted.display, board.Backlight) else None
    return absent.AbsentDisplay(reason, panel)


def _panel(fitting: board.Backlight) -> Panel:
    return Panel(fitting.width_px, fitting.height_px, fitting.width_mm, fitting.height_mm, fitting.rotation)


def _sysfs_supply(_fitting: board.SysfsSupply) -> Any:
    from hal.sysfs_power import SysfsPower

    return SysfsPower()


def _at(fitting: board.AtPort) -> Any:
    from hal.at_modem import AtModem

    return AtModem(fitting.port, fitting.baud, fitting.pin)


def _enocean(fitting: board.EnoceanPort) -> Any:
    from hal.enocean_pendant import EnoceanPendants

    return EnoceanPendants(fitting.port, fitting.senders)


def _v4l2(fitting: board.V4l2) -> Any:
    from hal.v4l2_camera import V4l2Camera

    return V4l2Camera(fitting.device)


_Makers = dict[Any, Callable[[Any], Any]]
_SPEAKERS: _Makers = {board.Vlc: _vlc, board.Simulated: lambda _: simulated.SimulatedSpeaker()}
_MICROPHONES: _Makers = {board.Sounddevice: _sounddevice}
_BUTTONS: _Makers = {
    board.GpioButtons: _gpio_buttons,
    board.KeyButtons: _key_buttons,
    board.Simulated: lambda _: simulated.SimulatedButtons(),
}
_PENDANTS: _Makers = {
    board.EnoceanPort: _enocean,
    board.Simulated: lambda _: simulated.SimulatedPendants(),
}
_LIGHTS: _Makers = {board.GpioLights: _gpio_lights, board.Simulated: lambda _: simulated.SimulatedLights()}
_DISPLAYS: _Makers = {board.Backlight: _backlight, board.Simulated: lambda _: simulated.SimulatedDisplay()}
_SUPPLIES: _Makers = {board.SysfsSupply: _sysfs_supply, board.Simulated: lambda _: simulated.SimulatedPower()}
_MODEMS: _Makers = {board.AtPort: _at, board.Simulated: lambda _: simulated.SimulatedModem()}
_CAMERAS: _Makers = {board.V4l2: _v4l2, board.Simulated: lambda _: simulated.SimulatedPart()}
