"""The desk's preview: the same pages, drawn without a display."""

import io
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest
from PIL import Image

from device.window_protocol.model import Style
from kiosk_ui.palettes import palette_for
from tests.kiosk_ui.samples import cafe_page, home, screen

SIZE = ["--width-px", "800", "--height-px", "500", "--width-mm", "217"]


def run(lines: bytes, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-m", "kiosk_ui.picture", *SIZE, *arguments]
    done = subprocess.run(command, input=lines, capture_output=True, timeout=60, check=False)
    if done.returncode and b"offscreen" in done.stderr:
        pytest.skip("no off-screen drawing on this machine")
    assert done.returncode == 0, done.stderr.decode()
    return done


def test_draws_a_screen_as_png() -> None:
    """The night's ground and the size that was asked for."""
    shown = screen(home("sv"), "sv", style=Style(palette="night"))
    picture = Image.open(io.BytesIO(run(msgspec.json.encode(shown)).stdout))
    assert picture.size == (800, 500)
    assert picture.getpixel((2, 2)) == palette_for(shown.style).room.ground[:3]


def test_draws_many_and_reports_what_did_not_fit(tmp_path: Path) -> None:
    """A picture each, and for each the texts that were cut."""
    long_name = "Wolfeschlegelsteinhausenbergerdorff-Maximiliane"
    screens = {
        "cafe": screen(cafe_page("fi")),
        "long": screen(home("fi", ("relatives", "today"), [long_name, "Anna", "Eero"])),
    }
    lines = b"".join(
        msgspec.json.encode({"name": name, "screen": shown}) + b"\n" for name, shown in screens.items()
    )
    reports = [msgspec.json.decode(line) for line in run(lines, "--many", str(tmp_path)).stderr.splitlines()]
    assert {path.name for path in tmp_path.iterdir()} == {"cafe.png", "long.png"}
    assert reports[0] == {"name": "cafe", "cut": []}
    assert long_name in [text["text"] for text in reports[1]["cut"]]
