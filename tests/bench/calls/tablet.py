"""Our end: the calls' server, and the window on a display of its own; the core is played by this process."""

import asyncio
import os
import sys
import threading
from pathlib import Path

from device.media.messages import Begin, Connected, Finish, Ready
from device.screen.server import ScreenServer
from device.window_protocol.intents import HangUp, PlaceCall
from device.window_protocol.messages import Painted
from device.window_protocol.model import Button, CallPage, Face, NoticePage, Page, Screen, Style
from provisioning.demo.display import HEIGHT_PX, WIDTH_MM, WIDTH_PX, VirtualDisplay
from provisioning.demo.managed_process import ManagedProcess
from provisioning.demo.place import REPOSITORY
from tests.bench.screen.meters import family
from tests.bench.screen.pixels import Area, Pixels
from tests.link.waiting import eventually
from tests.media.core_end import BARS, REAL_SOUND, CoreCall, CoreEnd, MediaServer

# In the middle of the caller's picture, whatever stands around it.
PICTURE = Area(WIDTH_PX // 2 - 150, HEIGHT_PX // 2 - 100, WIDTH_PX // 2 + 150, HEIGHT_PX // 2 + 100)
_FACE = Face(name="Anna", initials="A", presence="available", presence_words="", intent=PlaceCall("anna"))
NOTHING = NoticePage(headline="Kotiruutu", words="", icon="clock")


class Tablet:
    """``call`` and ``hang_up`` as often as needed."""

    name = "ours"

    def __init__(self, folder: Path, sound: dict[str, str]) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.display = VirtualDisplay(folder / "display", folder / "display.log")
        self.display.start()
        self.pixels = Pixels(self.display.frame_file)
        self.server = MediaServer(folder, REAL_SOUND + BARS, sound)
        self._core = CoreEnd(self.server)
        self._socket = folder.resolve() / "screen.sock"
        self._painted = self._revision = 0
        self._loop = asyncio.new_event_loop()
        threading.Thread(target=self._loop.run_forever, daemon=True, name="screen").start()
        self._screen = ScreenServer(self._socket, self._heard)
        asyncio.run_coroutine_threadsafe(self._screen.start(), self._loop).result(5)
        command = [sys.executable, "-m", "kiosk_ui", "--socket", str(self._socket)]
        command += ["--width-px", str(WIDTH_PX), "--height-px", str(HEIGHT_PX), "--width-mm", str(WIDTH_MM)]
        environment = os.environ | {"PYTHONPATH": str(REPOSITORY), "DISPLAY": self.display.name}
        log = folder / "window.log"
        self._window = ManagedProcess("the window", command, log=log, environment=environment, restarts=False)
        self._window.start()
        self.show(NOTHING)
        self.await_painted()

    def show(self, page: Page) -> None:
        """Show a page; returns at once."""
        self._revision += 1
        screen = Screen(revision=self._revision, style=Style(), page=page, help=None)
        self._loop.call_soon_threadsafe(self._screen.show, screen)

    def await_painted(self) -> None:
        """Until the newest page is on the display."""
        eventually(lambda: self._painted >= self._revision, "the window has painted", 30)

    def prepare(self, offer: str) -> tuple[CoreCall, Ready]:
        """Prepare the call, which rings."""
        call = self._core.call()
        return call, call.prepare(offer)

    def begin(self, call: CoreCall, ready: Ready) -> None:
        call.send(Begin())
        self.show(_page(ready.frames))

    def connected(self, call: CoreCall) -> None:
        call.wait_for(Connected, 20)

    def hang_up(self, call: CoreCall) -> None:
        """Returns when nothing is left of the call."""
        call.send(Finish())
        self.show(NOTHING)
        self.await_painted()
        eventually(lambda: not self.server.calls, "the call's process has ended", 10)

    def processes(self) -> list[int]:
        """What carries the call: server, call, window."""
        return family([self.server.process.pid, *([self._window.pid] if self._window.pid else [])])

    def close(self) -> None:
        self._window.stop()
        self._core.close()
        self.server.stop()
        asyncio.run_coroutine_threadsafe(self._screen.stop(), self._loop).result(5)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self.display.stop()

    def _heard(self, _viewer: object, message: object) -> None:
        if isinstance(message, Painted):
            self._painted = message.revision


def _page(frames: str) -> CallPage:
    hang_up = Button(words="Lopeta puhelu", icon="hang-up", intent=HangUp("c1"))
    return CallPage(state="connected", face=_FACE, headline="Anna", frames=frames, buttons=[hang_up])
