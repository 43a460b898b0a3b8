"""The window's settings: the core's socket, and the panel's size."""

from argparse import ArgumentParser
from collections.abc import Mapping, Sequence
from pathlib import Path

from msgspec import Struct

DEFAULT_SOCKET = Path("/run/kotiruutu/screen.sock")
TEN_INCH_WIDTH_MM = 217.0


class Settings(Struct, frozen=True):
    """Loaded once and passed in. Without a size in pixels the window takes the whole display."""

    socket: Path
    width_px: int | None
    height_px: int | None
    width_mm: float


def read_settings(arguments: Sequence[str], environment: Mapping[str, str]) -> Settings:
    """Return the settings; arguments override ``KOTIRUUTU_SOCKET`` and ``KOTIRUUTU_WIDTH_MM``."""
    parser = ArgumentParser(prog="kiosk_ui", description=__doc__)
    parser.add_argument(
        "--socket", type=Path, default=Path(environment.get("KOTIRUUTU_SOCKET", DEFAULT_SOCKET))
    )
    add_panel_arguments(parser, float(environment.get("KOTIRUUTU_WIDTH_MM", TEN_INCH_WIDTH_MM)))
    given = parser.parse_args(arguments)
    return Settings(given.socket, given.width_px, given.height_px, given.width_mm)


def add_panel_arguments(parser: ArgumentParser, width_mm: float = TEN_INCH_WIDTH_MM) -> None:
    """Add arguments for the panel's size, in pixels and in millimetres."""
    parser.add_argument("--width-px", type=int)
    parser.add_argument("--height-px", type=int)
    parser.add_argument("--width-mm", type=float, default=width_mm, help="width of the panel's picture")
