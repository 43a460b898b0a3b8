"""A real window on a display of its own, and a core that is only as clever as a test needs."""

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from threading import Condition, Thread

import msgspec
import pytest
from PIL import Image
from Xlib import X, display
from Xlib.ext import xtest

from device.window_protocol.messages import Beat, Done, Draw, FromViewer, Hello, Painted, Picture, ToViewer
from device.window_protocol.model import Screen

WIDTH_PX, HEIGHT_PX = 1280, 800
PATIENCE_S = 15.0
Rgb = tuple[int, int, int]


class Eye:
    """Looks at the display, and has a finger."""

    def __init__(self, name: str) -> None:
        self._display = display.Display(name)
        self._root = self._display.screen().root

    def pixel(self, x: int, y: int) -> Rgb:
        """Red, green and blue of one point."""
        blue, green, red, *_ = self._root.get_image(x, y, 1, 1, X.ZPixmap, 0xFFFFFFFF).data
        return red, green, blue

    def whole(self) -> Image.Image:
        size = WIDTH_PX, HEIGHT_PX
        data = self._root.get_image(0, 0, *size, X.ZPixmap, 0xFFFFFFFF).data
        return Image.frombuffer("RGB", size, data, "raw", "BGRX", 0, 1)

    def move(self, x: float, y: float) -> None:
        xtest.fake_input(self._display, X.MotionNotify, x=int(x), y=int(y))
        self._display.sync()

    def press(self) -> None:
        xtest.fake_input(self._display, X.ButtonPress, 1)
        self._display.sync()

    def lift(self) -> None:
        xtest.fake_input(self._display, X.ButtonRelease, 1)
        self._display.sync()

    def tap(self, x: float, y: float) -> None:
        self.move(x, y)
        self.press()
        self.lift()

    def close(self) -> None:
        self._display.close()


@dataclass
class FakeCore:
    """The core's end of the socket: remembers what a window says, each with the time it came."""

    path: Path
    heard: list[tuple[float, FromViewer]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._changed = Condition()
        self._connection: socket.socket | None = None
        self.listen()

    def listen(self) -> None:
        """Opens the socket, as a core that starts."""
        self.path.unlink(missing_ok=True)
        self._server = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._server.bind(str(self.path))
        self._server.listen()
        Thread(target=self._serve, args=(self._server,), daemon=True).start()

    def send(self, *messages: ToViewer) -> None:
        """All at once, as a burst."""
        self.wait(lambda: self._connection is not None)
        bodies = [msgspec.json.encode(message) for message in messages]
        assert self._connection
        self._connection.sendall(b"".join(len(body).to_bytes(4) + body for body in bodies))

    def draw(self, screen: Screen) -> None:
        """Sends a Screen and waits until it is painted."""
        self.send(Draw(screen))
        self.wait_painted(screen.revision)

    def wait(self, is_so: Callable[[], bool], patience_s: float = PATIENCE_S) -> None:
        """Wait until the condition is true."""
        with self._changed:
            assert self._changed.wait_for(is_so, patience_s), f"heard only {[what for _, what in self.heard]}"

    def wait_painted(self, revision: int) -> None:
        """Until the window says so."""
        self.wait(lambda: revision in self.painted)

    @property
    def painted(self) -> list[int]:
        """Revisions in the order they were painted."""
        return [what.revision for _, what in self.heard if isinstance(what, Painted)]

    @property
    def done(self) -> list[Done]:
        return [what for _, what in self.heard if isinstance(what, Done)]

    def count(self, kind: type[Hello | Beat | Picture]) -> int:
        """How often the window said this."""
        return sum(isinstance(what, kind) for _, what in self.heard)

    def vanish(self) -> None:
        """As after a kill: no socket, no file."""
        self.path.unlink(missing_ok=True)
        for one in (self._server, self._connection):
            if one:
                with suppress(OSError):
                    one.shutdown(socket.SHUT_RDWR)
                one.close()
        self._connection = None

    def _serve(self, server: socket.socket) -> None:
        with suppress(OSError):
            while True:
                connection, _ = server.accept()
                with self._changed:
                    self._connection = connection
                    self._changed.notify_all()
                self._listen_to(connection)

    def _listen_to(self, connection: socket.socket) -> None:
        decoder = msgspec.json.Decoder(FromViewer)
        with suppress(OSError), connection.makefile("rb") as stream:
            while size := stream.read(4):
                message = decoder.decode(stream.read(int.from_bytes(size)))
                with self._changed:
                    self.heard.append((time.monotonic(), message))
                    self._changed.notify_all()


@pytest.fixture(scope="module")
def x_display() -> Iterator[str]:
    """A display of its own, on a number that is free."""
    if not shutil.which("Xvfb"):
        pytest.skip("Xvfb is not installed")
    read_end, write_end = os.pipe()
    command = [
        "Xvfb",
        "-noreset",
        "-displayfd",
        str(write_end),
        "-screen",
        "0",
        f"{WIDTH_PX}x{HEIGHT_PX}x24",
        "-nolisten",
        "tcp",
    ]
    server = subprocess.Popen(command, pass_fds=[write_end], stderr=subprocess.DEVNULL)
    os.close(write_end)
    with os.fdopen(read_end) as numbers:
        name = f":{numbers.readline().strip()}"
    yield name
    server.terminate()
    server.wait()


@pytest.fixture
def eye(x_display: str) -> Iterator[Eye]:
    eye = Eye(x_display)
    yield eye
    eye.close()


@pytest.fixture
def core(tmp_path: Path) -> Iterator[FakeCore]:
    core = FakeCore(tmp_path / "screen.sock")
    yield core
    core.vanish()


@pytest.fixture
def window(core: FakeCore, x_display: str) -> Iterator[subprocess.Popen[bytes]]:
    """Start the window process and wait for its connection."""
    process = start_window(core.path, x_display)
    core.wait(lambda: core.count(Hello) == 1)
    yield process
    process.kill()
    process.wait()


def start_window(socket_path: Path, x_display: str) -> subprocess.Popen[bytes]:
    size = ["--width-px", str(WIDTH_PX), "--height-px", str(HEIGHT_PX), "--width-mm", "217"]
    command = [sys.executable, "-m", "kiosk_ui", "--socket", str(socket_path), *size]
    return subprocess.Popen(command, env={**os.environ, "DISPLAY": x_display})
