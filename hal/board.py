"""The board file: which components are fitted, in TOML, one file a kind of tablet, validated as a whole."""

import tomllib
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import UnionType
from typing import Annotated, Any, Literal, get_args

import msgspec
from msgspec import Meta, Struct

from hal.key_codes import KEYS
from hal.ports import PARTS, Lamp
from hal.sound_output import OutputName


class BoardError(Exception):
    """The board file is invalid; the message lists every error, one a line."""


TURN_THE_PANEL = (
    "`rotation` cannot be done by the program: let the kernel turn picture and touch "
    "(video=DSI-1:rotate=90 in cmdline.txt, and rotate in the overlay of the panel)"
)

# BCM numbers of the 40-pin header.
Pin = Annotated[int, Meta(ge=0, le=27)]
Name = Annotated[str, Meta(min_length=1)]
Seconds = Annotated[float, Meta(gt=0)]
Sender = Annotated[str, Meta(pattern=r"^[0-9A-Fa-f]{8}$")]


class Fitting(Struct, frozen=True, forbid_unknown_fields=True, tag_field="adapter"):
    """How one component is connected."""


class Simulated(Fitting, frozen=True, tag="simulated"):
    """A simulated component, controlled by tests or over a socket."""


class Vlc(Fitting, frozen=True, tag="vlc"):
    """A loudspeaker played by libvlc. ``pulse`` also stands for PipeWire."""

    output: OutputName = "pulse"


class Sounddevice(Fitting, frozen=True, tag="sounddevice"):
    """A microphone through PortAudio; ``device`` is a substring of its name."""

    device: str = ""


class V4l2(Fitting, frozen=True, tag="v4l2"):
    """A Video4Linux2 camera for calls."""

    device: Name = "/dev/video0"


class GpioButtons(Fitting, frozen=True, tag="gpiozero"):
    """Buttons between GPIO pins and ground."""

    pins: dict[Name, Pin]
    hold_s: Seconds = 2.0


class KeyButtons(Fitting, frozen=True, tag="evdev"):
    """Keys of an input device below ``/dev/input``, given by name or by number."""

    device: Name
    keys: dict[Name, str | int]
    hold_s: Seconds = 2.0

    def codes(self) -> dict[str, int]:
        """Return the key codes by button name. Raises ``ValueError`` for a key without a code."""
        found = {}
        for name, key in self.keys.items():
            code = KEYS.get(key) if isinstance(key, str) else key
            if code is None:
                raise ValueError(f"'{key}' is no key that is known; write its number of input-event-codes.h")
            found[name] = code
        return found


class GpioLights(Fitting, frozen=True, tag="gpiozero"):
    """Lamps at GPIO pins."""

    pins: dict[Lamp, Pin]


class Backlight(Fitting, frozen=True, tag="backlight"):
    """A panel with a backlight; the values here override its EDID."""

    name: str = ""
    width_px: int = 0
    height_px: int = 0
    width_mm: int = 0
    height_mm: int = 0
    rotation: Literal[0] = 0


class SysfsSupply(Fitting, frozen=True, tag="sysfs"):
    """Mains and battery as the kernel reports them."""


class AtPort(Fitting, frozen=True, tag="at"):
    """A modem at a serial port. ``pin`` unlocks its SIM."""

    port: Name
    baud: int = 115_200
    pin: Annotated[str, Meta(pattern=r"^([0-9]{4,8})?$")] = ""


class EnoceanPort(Fitting, frozen=True, tag="enocean"):
    """A USB 300 receiver. Without ``senders`` presses of every pendant in range are reported."""

    port: Name
    senders: list[Sender] = []


class Board(Struct, frozen=True, kw_only=True):
    """All components of a tablet; ``None`` for each that is not fitted."""

    buttons: GpioButtons | KeyButtons | Simulated | None = None
    pendants: EnoceanPort | Simulated | None = None
    speaker: Vlc | Simulated | None = None
    microphone: Sounddevice | Simulated | None = None
    lights: GpioLights | Simulated | None = None
    display: Backlight | Simulated | None = None
    power: SysfsSupply | Simulated | None = None
    modem: AtPort | Simulated | None = None
    camera: V4l2 | Simulated | None = None


SIMULATED = Board(**{part: Simulated() for part in PARTS})


def load_board(path: Path) -> Board:
    """Read and validate a board file. Raises ``BoardError``."""
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise BoardError(f"{path}: {error}") from None
    fittings: dict[str, Any] = {}
    faults = []
    for part, content in table.items():
        try:
            fittings[part] = _fitting(part, content)
        except ValueError as error:
            faults.append(f"[{part}] {error}")
    faults += _clashes(fittings)
    if faults:
        raise BoardError("\n".join(f"{path}: {fault}" for fault in faults))
    return Board(**fittings)


def with_pendants(fitted: Board, learnt: Path) -> Board:
    """Return the board with the learnt pendants, where its file names none. Raises ``BoardError``."""
    if not isinstance(fitted.pendants, EnoceanPort) or fitted.pendants.senders or not learnt.exists():
        return fitted
    try:
        senders = msgspec.json.decode(learnt.read_bytes(), type=list[Sender])
    except (OSError, msgspec.MsgspecError) as error:
        raise BoardError(f"{learnt}: {error}") from None
    return msgspec.structs.replace(fitted, pendants=msgspec.structs.replace(fitted.pendants, senders=senders))


def _fitting(part: str, content: Any) -> Fitting:
    if part not in PARTS:
        raise ValueError(f"there is no such part; there are: {', '.join(PARTS)}")
    kind = Board.__annotations__[part]
    adapters = _adapters(kind)
    adapter = content.get("adapter") if isinstance(content, dict) else None
    if adapter is None:
        raise ValueError(f"says no adapter; there are: {', '.join(adapters)}")
    if str(adapter) not in adapters:
        raise ValueError(f"has no adapter '{adapter}'; there are: {', '.join(adapters)}")
    try:
        fitting: Fitting = msgspec.convert(content, adapters[adapter])
    except msgspec.ValidationError as error:
        if "`$.rotation`" in str(error):
            raise ValueError(TURN_THE_PANEL) from None
        raise ValueError(str(error).replace("`$.", "`").replace(" - at `$`", "")) from None
    if isinstance(fitting, KeyButtons):
        fitting.codes()
    return fitting


def _adapters(kind: UnionType) -> dict[str, type[Fitting]]:
    kinds = [one for one in get_args(kind) if one is not type(None)]
    return {str(one.__struct_config__.tag): one for one in kinds}


def _clashes(fittings: Mapping[str, Any]) -> Iterator[str]:
    """Yield an error for each pin or device that two components share."""
    users: defaultdict[str, list[str]] = defaultdict(list)
    for part, fitting in fittings.items():
        for name, pin in getattr(fitting, "pins", {}).items():
            users[f"pin {pin}"].append(f"{part}.{name}")
        for thing in (getattr(fitting, "port", ""), getattr(fitting, "device", "")):
            users[thing].append(part)
        keys = fitting.codes() if isinstance(fitting, KeyButtons) else {}
        for name, code in keys.items():
            users[f"key {code}"].append(f"{part}.{name}")
    for thing, of_it in users.items():
        if thing and len(of_it) > 1:
            yield f"{thing} is used more than once: {', '.join(of_it)}"
