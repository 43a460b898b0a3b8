"""Their end: Chromium on a display of its own, with the caller's picture over all of it."""

import os
from pathlib import Path
from typing import Any

from playwright.sync_api import Playwright

from provisioning.demo.display import HEIGHT_PX, WIDTH_PX, VirtualDisplay
from tests.bench.screen.pixels import Area, Pixels
from tests.demo.processes import command, descendants
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

    def processes(self) -> list[int]:
        """Return the ids of all Chromium processes."""
        return [
            pid
            for pid in descendants(os.getpid())
            if pid not in self._before and command(pid).startswith("chrom")
        ]

    def close(self) -> None:
        self._chromium.close()
        self.display.stop()
