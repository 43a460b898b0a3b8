"""Draws Screens off-screen, with the window's own code.

``python -m kiosk_ui.picture < screen.json > out.png``

Texts that did not fit are listed as JSON on standard error, one line a Screen.
"""

import os
import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

import msgspec
from msgspec import Struct

from device.window_protocol.model import Screen
from kiosk_ui.kivy_start import open_window, prepare_kivy
from kiosk_ui.settings import add_panel_arguments

PATIENCE_S = 0.3


class Named(Struct, frozen=True):
    """One line of ``--many``: the page that is turned to, saved as ``<name>.png``."""

    name: str
    screen: Screen
    turned: int = 0


class Report(Struct, frozen=True):
    """The texts that did not fit."""

    name: str
    cut: list[dict[str, str]]


def main() -> None:
    """Read Screens and write pictures."""
    parser = ArgumentParser(prog="kiosk_ui.picture", description=__doc__)
    add_panel_arguments(parser)
    parser.add_argument(
        "--many", type=Path, metavar="DIR", help="read a line of JSON a picture, write into DIR"
    )
    given = parser.parse_args()
    os.environ.setdefault("SDL_VIDEODRIVER", "offscreen")
    prepare_kivy(given.width_px or 1280, given.height_px or 800)
    open_window()
    from kiosk_ui.window import KioskWindow

    window = KioskWindow(given.width_mm)
    if given.many:
        given.many.mkdir(parents=True, exist_ok=True)
        for named in _lines(sys.stdin.buffer):
            with (given.many / f"{named.name}.png").open("wb") as file:
                _draw(window, named, file)
    else:
        screen = msgspec.json.decode(sys.stdin.buffer.read(), type=Screen)
        _draw(window, Named("screen", screen), sys.stdout.buffer)


def _draw(window: "KioskWindow", named: Named, file: BinaryIO) -> None:  # type: ignore[name-defined]  # noqa: F821
    from kiosk_ui.pages.compose import Interaction, compose

    scene = compose(named.screen, window.panel, Interaction(turned=named.turned))
    window.show(scene)
    window.await_frames(PATIENCE_S)
    window.pixels().save(file, "PNG", compress_level=4)
    report = Report(named.name, [text._asdict() for text in scene.cut])
    sys.stderr.buffer.write(msgspec.json.encode(report) + b"\n")
    sys.stderr.flush()


def _lines(source: BinaryIO) -> Iterator[Named]:
    for line in source:
        if line.strip():
            yield msgspec.json.decode(line, type=Named)


if __name__ == "__main__":
    main()
