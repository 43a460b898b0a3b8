"""The core's end of the media socket for synchronous tests, and the media server itself."""

import asyncio
import os
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import TypeVar

from device.media.client import CallProcess
from device.media.messages import FromMedia, Gone, Prepare, Ready, ToMedia, Trouble
from tests.link.waiting import eventually

ROOT = Path(__file__).parents[2]
M = TypeVar("M", bound=FromMedia)

SIMULATED_SOUND = '[microphone]\nadapter="simulated"\n[speaker]\nadapter="simulated"\n'
REAL_SOUND = '[microphone]\nadapter="sounddevice"\n[speaker]\nadapter="vlc"\n'
BARS = '[camera]\nadapter="simulated"\n'


class MediaServer:
    """Runs ``python -m device.media`` in a folder of its own."""

    def __init__(self, folder: Path, board: str, environment: dict[str, str] | None = None) -> None:
        self.socket = folder / "media.sock"
        self.folder = folder
        (folder / "board.toml").write_text(board)
        names = ("identity_dir", "data_dir", "screen_socket", "sim_socket")
        settings = "".join(f'{name} = "{name}"\n' for name in names)
        (folder / "device.toml").write_text(settings + 'media_socket = "media.sock"\nboard = "board.toml"\n')
        self.log = folder / "log"
        self._environment = os.environ | (environment or {})
        self.process: subprocess.Popen[bytes]
        self.start()

    def start(self) -> None:
        """Start again after it was ended."""
        self.socket.unlink(missing_ok=True)
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "device.media", "--settings", str(self.folder / "device.toml")],
                cwd=ROOT,
                env=self._environment,
                stderr=log,
            )
        eventually(self._listens, "the media server listens")

    def _listens(self) -> bool:
        """Whether it accepts connections (``__SO_ACCEPTCON``); its file is there a moment earlier."""
        lines = Path("/proc/net/unix").read_text().splitlines()
        return any(line.endswith(f" {self.socket}") and line.split()[3] == "00010000" for line in lines)

    @property
    def calls(self) -> list[int]:
        """Return the ids of the call processes."""
        # Its one thread starts them all.
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        return [int(pid) for pid in children.read_text().split()]

    @property
    def leftovers(self) -> list[str]:
        """Return files beside the socket that should not exist between calls."""
        mine = {"media.sock", "board.toml", "device.toml", "log"}
        return sorted(path.name for path in self.folder.iterdir() if path.name not in mine)

    def stop(self) -> None:
        """Stop it as systemd does."""
        self.process.terminate()
        self.process.wait(10)


class CoreEnd:
    """Runs calls on an event loop in a thread."""

    def __init__(self, server: MediaServer) -> None:
        self._server = server
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self._calls: list[CoreCall] = []

    def call(self) -> "CoreCall":
        """Return a new call that is not started yet."""
        self._calls.append(CoreCall(self._server.socket, self._loop))
        return self._calls[-1]

    def close(self) -> None:
        """End all calls and the loop."""
        for call in self._calls:
            call.leave()
        asyncio.run_coroutine_threadsafe(_others_end(), self._loop).result(10)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()


async def _others_end() -> None:
    tasks = asyncio.all_tasks() - {asyncio.current_task()}
    if tasks:
        await asyncio.wait(tasks)
    # A closed transport closes its socket in the next iteration of the loop.
    await asyncio.sleep(0.01)


class CoreCall:
    """One call and its messages, each with its time."""

    def __init__(self, path: Path, loop: asyncio.AbstractEventLoop) -> None:
        self.heard: list[tuple[float, FromMedia]] = []
        self.started_at = 0.0
        self._loop = loop
        self._process = CallProcess(path, lambda message: self.heard.append((time.monotonic(), message)))

    def prepare(self, offer: str, **wishes: object) -> Ready:
        """Send an offer and return the answer."""
        self.start(Prepare(call_id="c1", offer=offer, **wishes))  # type: ignore[arg-type]
        return self.wait_for(Ready)

    def start(self, wish: Prepare) -> None:
        self.started_at = time.monotonic()
        self._loop.call_soon_threadsafe(self._process.start, wish)

    def send(self, message: ToMedia) -> None:
        self._loop.call_soon_threadsafe(self._process.send, message)

    def leave(self) -> None:
        """Close the connection without hanging up, as a killed core would."""
        self._loop.call_soon_threadsafe(self._process.close)

    def wait_for(self, kind: type[M], timeout_s: float = 10.0) -> M:
        """Return the first message of this kind; fails at once where the call has ended instead."""

        def look() -> FromMedia | None:
            found = self.all_of(kind)
            if not found and self.heard and isinstance(self.heard[-1][1], Gone):
                raise AssertionError(f"the call ended: {self.heard}")
            return found[0] if found else None

        found = eventually(look, f"{kind.__name__}, after {self.heard}", timeout_s)
        assert isinstance(found, kind)
        return found

    def all_of(self, kind: type[M]) -> list[M]:
        """Return all messages of this kind, in order."""
        return [message for _, message in self.heard if isinstance(message, kind)]

    def troubles(self) -> dict[str, str]:
        """Return the components that do not work now, with the reason."""
        last = {trouble.part: trouble.reason for trouble in self.all_of(Trouble)}
        return {part: reason for part, reason in last.items() if reason}

    def time_of(self, kind: type[FromMedia]) -> float:
        """Return the monotonic time of the first message of this kind."""
        return next(at for at, message in self.heard if isinstance(message, kind))
