"""The adapters that a board file can name: each with its settings and how it is opened.

A new adapter is one class here, and its place in the union of its component in ``hal/board.py``. Vendors'
libraries are imported when an adapter is opened: a tablet has few of them.
"""

from collections.abc import Iterator
from typing import Annotated, Any, Literal

from msgspec import Meta, Struct

from hal.key_codes import KEYS
from hal.ports import Lamp, Panel
from hal.sound_output import OutputName

# BCM numbers of the 40-pin header.
Pin = Annotated[int, Meta(ge=0, le=27)]
Name = Annotated[str, Meta(min_length=1)]
Seconds = Annotated[float, Meta(gt=0)]
Sender = Annotated[str, Meta(pattern=r"^[0-9A-Fa-f]{8}$")]


class Adapter(Struct, frozen=True, forbid_unknown_fields=True, tag_field="adapter"):
    """The settings of one fitted component, as in its table of the board file."""

    def open(self) -> Any:
        """Open the component, which satisfies the port of its kind. Raises ``HardwareError``."""
        raise NotImplementedError

    def check(self) -> None:
        """Raise ``ValueError`` for what the types of the fields cannot say."""

    def uses(self) -> Iterator[tuple[str, str]]:
        """Yield each pin, device or key that it needs for itself, and the setting that names it."""
        yield from ()


class Simulated(Adapter, frozen=True, tag="simulated"):
    """A simulated component, controlled by tests or over a socket; ``SimulatedHardware`` holds them all."""


class Vlc(Adapter, frozen=True, tag="vlc"):
    """A loudspeaker played by libvlc. ``pulse`` also stands for PipeWire."""

    output: OutputName = "pulse"

    def open(self) -> Any:
        from hal.vlc_speaker import VlcSpeaker

        return VlcSpeaker(self.output)


class Sounddevice(Adapter, frozen=True, tag="sounddevice"):
    """A microphone through PortAudio; ``device`` is a substring of its name."""

    device: str = ""

    def open(self) -> Any:
        from hal.sounddevice_microphone import SounddeviceMicrophone

        return SounddeviceMicrophone(self.device)

    def uses(self) -> Iterator[tuple[str, str]]:
        yield self.device, ""


class V4l2(Adapter, frozen=True, tag="v4l2"):
    """A Video4Linux2 camera for calls."""

    device: Name = "/dev/video0"

    def open(self) -> Any:
        from hal.v4l2_camera import V4l2Camera

        return V4l2Camera(self.device)

    def uses(self) -> Iterator[tuple[str, str]]:
        yield self.device, ""


class GpioButtons(Adapter, frozen=True, tag="gpiozero"):
    """Buttons between GPIO pins and ground."""

    pins: dict[Name, Pin]
    hold_s: Seconds = 2.0

    def open(self) -> Any:
        from hal.gpiozero_buttons import GpiozeroButtons

        return GpiozeroButtons(self.pins, self.hold_s)

    def uses(self) -> Iterator[tuple[str, str]]:
        yield from ((f"pin {pin}", name) for name, pin in self.pins.items())


class KeyButtons(Adapter, frozen=True, tag="evdev"):
    """Keys of an input device below ``/dev/input``, given by name or by number."""

    device: Name
    keys: dict[Name, str | int]
    hold_s: Seconds = 2.0

    def open(self) -> Any:
        from hal.evdev_buttons import EvdevButtons

        return EvdevButtons(self.device, self.codes(), hold_s=self.hold_s)

    def check(self) -> None:
        self.codes()

    def uses(self) -> Iterator[tuple[str, str]]:
        yield self.device, ""
        yield from ((f"key {code}", name) for name, code in self.codes().items())

    def codes(self) -> dict[str, int]:
        """Return the key codes by button name. Raises ``ValueError`` for a key without a code."""
        found = {}
        for name, key in self.keys.items():
            code = KEYS.get(key) if isinstance(key, str) else key
            if code is None:
                raise ValueError(f"'{key}' is no key that is known; write its number of input-event-codes.h")
            found[name] = code
        return found


class GpioLights(Adapter, frozen=True, tag="gpiozero"):
    """Lamps at GPIO pins, one for each name."""

    pins: dict[Lamp, Pin]

    def open(self) -> Any:
        from hal.gpiozero_lights import GpiozeroLights

        return GpiozeroLights(self.pins)

    def uses(self) -> Iterator[tuple[str, str]]:
        yield from ((f"pin {pin}", lamp) for lamp, pin in self.pins.items())


class Backlight(Adapter, frozen=True, tag="backlight"):
    """A panel with a backlight; the values here override its EDID."""

    name: str = ""
    width_px: int = 0
    height_px: int = 0
    width_mm: int = 0
    height_mm: int = 0
    rotation: Literal[0] = 0

    def open(self) -> Any:
        from hal.backlight_display import BacklightDisplay

        return BacklightDisplay(self.name, self.panel())

    def panel(self) -> Panel:
        """Return the size of the panel, 0 where the file gives none."""
        return Panel(self.width_px, self.height_px, self.width_mm, self.height_mm, self.rotation)


class SysfsSupply(Adapter, frozen=True, tag="sysfs"):
    """Mains and battery as the kernel reports them."""

    def open(self) -> Any:
        from hal.sysfs_power import SysfsPower

        return SysfsPower()


class AtPort(Adapter, frozen=True, tag="at"):
    """A modem at a serial port. ``pin`` unlocks its SIM."""

    port: Name
    baud: int = 115_200
    pin: Annotated[str, Meta(pattern=r"^([0-9]{4,8})?$")] = ""

    def open(self) -> Any:
        from hal.at_modem import AtModem

        return AtModem(self.port, self.baud, self.pin)

    def uses(self) -> Iterator[tuple[str, str]]:
        yield self.port, ""


class EnoceanPort(Adapter, frozen=True, tag="enocean"):
    """A USB 300 receiver. Without ``senders`` presses of every pendant in range are reported."""

    port: Name
    senders: list[Sender] = []

    def open(self) -> Any:
        from hal.enocean_pendant import EnoceanPendants

        return EnoceanPendants(self.port, self.senders)

    def uses(self) -> Iterator[tuple[str, str]]:
        yield self.port, ""
