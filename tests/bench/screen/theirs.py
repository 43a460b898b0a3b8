"""The rival: a page in the system's Chromium in kiosk mode, fed by MQTT over a WebSocket."""

import json
import os
import shutil
import time
from pathlib import Path

import fontpkg_atkinson_hyperlegible

from provisioning.demo.display import HEIGHT_PX, WIDTH_PX
from provisioning.demo.managed_process import ManagedProcess
from tests.bench.screen.documents import TIME_ZONE, photos
from tests.bench.screen.meters import family
from tests.bench.screen.pixels import Area
from tests.bench.screen.stage import Stage

PAGE = Path(__file__).with_name("page")
DEVICE = "page"
FONTS = Path(fontpkg_atkinson_hyperlegible.ROOT) / "files"

# What makes a browser a lighter kiosk: no first-run pages, no services, no graphics chip, no sandbox as root.
FLAGS = (
    "--kiosk",
    "--no-first-run",
    "--no-default-browser-check",
    "--noerrdialogs",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-extensions",
    "--disable-sync",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-breakpad",
    "--disable-session-crashed-bubble",
    "--disable-features=Translate,MediaRouter,OptimizationHints,InterestFeedContentSuggestions",
    "--lang=fi",
    "--password-store=basic",
    "--allow-file-access-from-files",
    "--window-position=0,0",
    f"--window-size={WIDTH_PX},{HEIGHT_PX}",
)


class Theirs:
    """The same profile at each start: the browser has its caches, the page what it kept."""

    name = "theirs"
    device = DEVICE
    steady = Area(0, 180, WIDTH_PX, HEIGHT_PX)

    def __init__(self, stage: Stage) -> None:
        page, profile = stage.folder / "page", stage.folder / "profile"
        shutil.copytree(PAGE, page)
        (page / "settings.js").write_text(_settings(stage.page_port), encoding="utf-8")
        for weight in ("Regular", "Bold"):
            shutil.copy(FONTS / f"AtkinsonHyperlegible-{weight}.ttf", page)
        for digest, picture in photos().items():
            (page / f"{digest}.jpg").write_bytes(picture)
        address = (page / "index.html").resolve().as_uri()
        command = ["chromium", *FLAGS, f"--user-data-dir={profile.resolve()}", address]
        environment = os.environ | {"DISPLAY": stage.display.name, "TZ": TIME_ZONE, "LANGUAGE": "fi"}
        log = stage.folder / "log" / "chromium.log"
        self._part = ManagedProcess("Chromium", command, log=log, environment=environment, restarts=False)

    def start(self) -> float:
        """Start; return the time just before (``time.perf_counter``)."""
        began = time.perf_counter()
        self._part.start()
        return began

    def stop(self) -> None:
        """Ends the browser in order, so that it writes its profile."""
        self._part.stop()

    def processes(self) -> list[int]:
        """Return the ids of all browser processes."""
        return family([self._part.pid] if self._part.pid else [])

    def mute_button(self) -> Area:
        """Where page.css puts it: the second of four below."""
        return Area(336, 656, 640, 784)


def _settings(port: int) -> str:
    values = {"broker": f"ws://127.0.0.1:{port}", "device": DEVICE}
    return f"const SETTINGS = {json.dumps(values)};\n"
