"""The board file: which components are fitted, in TOML, one file a kind of tablet, validated as a whole."""

import tomllib
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import UnionType
from typing import Any, get_args

import msgspec
from msgspec import Struct

from hal.adapters import (
    Adapter,
    AtPort,
    Backlight,
    EnoceanPort,
    GpioButtons,
    GpioLights,
    KeyButtons,
    Sender,
    Simulated,
    Sounddevice,
    SysfsSupply,
    V4l2,
    Vlc,
)
from hal.ports import PARTS


class BoardError(Exception):
    """The board file is invalid; the message lists every error, one a line."""


TURN_THE_PANEL = (
    "`rotation` cannot be done by the program: let the kernel turn picture and touch "
    "(video=DSI-1:rotate=90 in cmdline.txt, and rotate in the overlay of the panel)"
)


class BoardConfig(Struct, frozen=True, kw_only=True):
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


SIMULATED = BoardConfig(**{part: Simulated() for part in PARTS})


def load_board(path: Path) -> BoardConfig:
    """Read and validate a board file. Raises ``BoardError``."""
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError) as error:
        raise BoardError(f"{path}: {error}") from None
    fittings: dict[str, Adapter] = {}
    faults = []
    for part, content in table.items():
        try:
            fittings[part] = _fitting(part, content)
        except ValueError as error:
            faults.append(f"[{part}] {error}")
    faults += _clashes(fittings)
    if faults:
        raise BoardError("\n".join(f"{path}: {fault}" for fault in faults))
    return msgspec.structs.replace(BoardConfig(), **fittings)


def with_pendants(fitted: BoardConfig, learnt: Path) -> BoardConfig:
    """Return the board with the learnt pendants, where its file names none. Raises ``BoardError``."""
    if not isinstance(fitted.pendants, EnoceanPort) or fitted.pendants.senders or not learnt.exists():
        return fitted
    try:
        senders = msgspec.json.decode(learnt.read_bytes(), type=list[Sender])
    except (OSError, msgspec.MsgspecError) as error:
        raise BoardError(f"{learnt}: {error}") from None
    return msgspec.structs.replace(fitted, pendants=msgspec.structs.replace(fitted.pendants, senders=senders))


def _fitting(part: str, content: Any) -> Adapter:
    if part not in PARTS:
        raise ValueError(f"there is no such part; there are: {', '.join(PARTS)}")
    kind = BoardConfig.__annotations__[part]
    adapters = _adapters(kind)
    adapter = content.get("adapter") if isinstance(content, dict) else None
    if adapter is None:
        raise ValueError(f"says no adapter; there are: {', '.join(adapters)}")
    if str(adapter) not in adapters:
        raise ValueError(f"has no adapter '{adapter}'; there are: {', '.join(adapters)}")
    try:
        fitting: Adapter = msgspec.convert(content, adapters[adapter])
    except msgspec.ValidationError as error:
        if "`$.rotation`" in str(error):
            raise ValueError(TURN_THE_PANEL) from None
        raise ValueError(str(error).replace("`$.", "`").replace(" - at `$`", "")) from None
    fitting.check()
    return fitting


def _adapters(kind: UnionType) -> dict[str, type[Adapter]]:
    kinds = [one for one in get_args(kind) if one is not type(None)]
    return {str(one.__struct_config__.tag): one for one in kinds}


def _clashes(fittings: Mapping[str, Adapter]) -> Iterator[str]:
    """Yield an error for each pin or device that two components share."""
    users: defaultdict[str, list[str]] = defaultdict(list)
    for part, fitting in fittings.items():
        for thing, name in fitting.uses():
            users[thing].append(f"{part}.{name}" if name else part)
    for thing, of_it in users.items():
        if thing and len(of_it) > 1:
            yield f"{thing} is used more than once: {', '.join(of_it)}"
