"""The core's end of the screen's Unix socket: sends the newest Screen, receives viewers' messages."""

import asyncio
import contextlib
import logging
import socket
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Literal

import msgspec

from device.window_protocol.messages import LARGEST_FRAME_BYTES, Draw, FromViewer, Hello, ToViewer
from device.window_protocol.model import Screen

_log = logging.getLogger(__name__)
_decoder = msgspec.json.Decoder(FromViewer)

# A viewer with this much unread data is disconnected.
_MOST_UNREAD_BYTES = 8_000_000


class Viewer:
    """One connected viewer; ``pid`` is the process at its end (SO_PEERCRED, unix(7))."""

    def __init__(self, writer: asyncio.StreamWriter) -> None:
        self._writer = writer
        self.role: Literal["window", "viewer"] | None = None
        peer: socket.socket = writer.get_extra_info("socket")
        credentials = peer.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("3i"))
        self.pid: int = struct.unpack("3i", credentials)[0]

    def send(self, message: ToViewer) -> None:
        """Queue a message; a viewer that has stopped reading is disconnected."""
        if self._writer.transport.get_write_buffer_size() > _MOST_UNREAD_BYTES:
            self._writer.transport.abort()
            return
        body = msgspec.json.encode(message)
        self._writer.write(len(body).to_bytes(4) + body)

    def close(self) -> None:
        """Disconnect the viewer after what was sent to it."""
        self._writer.close()


Heard = Callable[[Viewer, FromViewer | None], None]


class ScreenServer:
    """Accepts viewers; ``heard(viewer, message)`` gets their messages, and None when one disconnects."""

    def __init__(self, path: Path, heard: Heard) -> None:
        self._path = path
        self._heard = heard
        self._viewers: set[Viewer] = set()
        self._screen: Screen | None = None
        self._server: asyncio.Server | None = None

    async def start(self) -> None:
        """Listen on the socket; one that a dead core left is replaced."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        self._path.unlink(missing_ok=True)
        self._server = await asyncio.start_unix_server(self._serve, self._path)
        self._path.chmod(0o660)

    async def stop(self) -> None:
        """Disconnect all viewers and stop listening."""
        if self._server:
            self._server.close()
        for viewer in list(self._viewers):
            viewer.close()
        self._path.unlink(missing_ok=True)

    def show(self, screen: Screen) -> None:
        """Send a Screen to every viewer, now and to those who connect later."""
        self._screen = screen
        for viewer in list(self._viewers):
            viewer.send(Draw(screen))

    def to_window(self, message: ToViewer) -> bool:
        """Send to the window only; return False where none is connected."""
        windows = [viewer for viewer in self._viewers if viewer.role == "window"]
        for window in windows:
            window.send(message)
        return bool(windows)

    def window_pids(self) -> list[int]:
        """Return the ids of the processes that draw."""
        return [viewer.pid for viewer in self._viewers if viewer.role == "window"]

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        viewer = Viewer(writer)
        try:
            while True:
                size = int.from_bytes(await reader.readexactly(4))
                if size > LARGEST_FRAME_BYTES:
                    raise msgspec.DecodeError(f"a frame of {size} bytes is not a viewer's")  # noqa: TRY301
                self._take(viewer, _decoder.decode(await reader.readexactly(size)))
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            _log.warning("a viewer was cut off: %s", error)
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            self._viewers.discard(viewer)
            writer.close()
            with contextlib.suppress(ConnectionError):
                await writer.wait_closed()
            if viewer.role:
                self._heard(viewer, None)

    def _take(self, viewer: Viewer, message: FromViewer) -> None:
        if isinstance(message, Hello):
            viewer.role = message.role
            self._viewers.add(viewer)
            if self._screen:
                viewer.send(Draw(self._screen))
        if viewer.role:
            self._heard(viewer, message)
