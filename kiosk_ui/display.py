"""Selects the graphics card of the panel: a Pi 5 has up to three, in changing order."""

from collections.abc import MutableMapping
from pathlib import Path

CARDS = Path("/sys/class/drm")
_INDEX = "SDL_KMSDRM_DEVICE_INDEX"
# A built-in panel has priority over an external screen.
_BUILT_IN = ("DSI", "DPI", "eDP", "LVDS", "SPI")


def choose_card(environment: MutableMapping[str, str], cards: Path = CARDS) -> None:
    """Set SDL's card on a bare display, unless it is set already.

    SDL by itself did not find a DSI panel of a Pi 5 (libsdl-org/SDL issue 13705).
    """
    if environment.get("SDL_VIDEODRIVER", "").upper() != "KMSDRM" or _INDEX in environment:
        return
    connected = [
        file.parent.name for file in cards.glob("card*-*/status") if file.read_text().strip() == "connected"
    ]
    if connected:
        best = min(connected, key=_preference)
        environment[_INDEX] = best.partition("-")[0].removeprefix("card")


def _preference(connector: str) -> tuple[bool, str]:
    """Return the sort key: ``card1-DSI-1`` before ``card0-HDMI-A-1``."""
    kind = connector.partition("-")[2]
    return not kind.startswith(_BUILT_IN), connector
