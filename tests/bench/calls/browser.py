"""Their end: Chromium on a display of its own, with the caller's picture over all of it."""

import os
from pathlib import Path
from typing import Any

from playwright.sync_api import Playwright

from provisioning.demo.display import HEIGHT_PX, WIDTH_PX, VirtualDisplay
from tests.bench.screen.pixels import Area, Pixels
from tests.demo.processes import descendants
from tests.media.caller import CHROMIUM, Caller

_FLAGS = (
    "--kiosk",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--use-fake-device-for-media-stream=fps=30",
    "--use-fake-ui-for-media-stream",
    "--autoplay-policy=no-user-gesture-required",
    "--window-position=0,0",
    f"--window-size={WIDTH_PX},{HEIGHT_PX}",
)
_COUNTED = ("renderer", "gpu-process", "utility")
# The moving block of our test pattern, along the lower edge.
PICTURE = Area(WIDTH_PX // 4, HEIGHT_PX - 90, 3 * WIDTH_PX // 4, HEIGHT_PX - 20)


class Browser:
    """One Chromium; ``caller`` is its page."""

    name = "theirs"

    def __init__(self, playwright: Playwright, folder: Path, sound: dict[str, str]) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.display = VirtualDisplay(folder / "display", folder / "display.log")
        self.display.start()
        self.pixels = Pixels(self.display.frame_file)
        before = set(descendants(os.getpid()))
        surroundings: dict[str, Any] = {**os.environ, **sound, "DISPLAY": self.display.name}
        self._chromium = playwright.chromium.launch(
            headless=False, executable_path=CHROMIUM, args=_FLAGS, env=surroundings
        )
        self.caller = Caller(self._chromium.new_page(no_viewport=True))
        self._before = before

    def all_processes(self) -> list[int]:
        """With those that only start others."""
        return [pid for pid in descendants(os.getpid()) if pid not in self._before and _command(pid)]

    def processes(self) -> list[int]:
        """What draws, decodes and encodes: renderers, graphics and services; not the browser itself."""
        return [pid for pid in self.all_processes() if _kind(pid) in _COUNTED]

    def close(self) -> None:
        """Ends it."""
        self._chromium.close()
        self.display.stop()


def _command(pid: int) -> list[str]:
    try:
        line = Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return []
    # Chromium writes the line of those that it forks anew, with spaces.
    words = line.decode(errors="replace").replace("\0", " ").split()
    return words if words and "chrom" in words[0] else []


def _kind(pid: int) -> str:
    found = [word.removeprefix("--type=") for word in _command(pid) if word.startswith("--type=")]
    return found[0] if found else ""
