"""A viewer's blocking end of the socket, for the window's reader thread and for tests."""

import contextlib
import select
import socket
from pathlib import Path
from typing import Literal, Self

import msgspec

from device.window_protocol.messages import LARGEST_FRAME_BYTES, FromViewer, Hello, ToViewer

_decoder = msgspec.json.Decoder(ToViewer)


class CoreGone(ConnectionError):
    """The core closed the socket, or is not running."""


class ScreenClient:
    """A connection to the core. ``send`` may be called from any thread, ``receive`` from one."""

    def __init__(self, path: Path, role: Literal["window", "viewer"], connect_timeout_s: float = 5.0) -> None:
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._socket.settimeout(connect_timeout_s)
        try:
            self._socket.connect(str(path))
        except OSError as error:
            self._socket.close()
            raise CoreGone(f"no core at {path}: {error}") from None
        self._socket.settimeout(None)
        self.send(Hello(role))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def send(self, message: FromViewer) -> None:
        """Send a message. Raises ``CoreGone``."""
        body = msgspec.json.encode(message)
        try:
            self._socket.sendall(len(body).to_bytes(4) + body)
        except OSError as error:
            raise CoreGone(str(error)) from None

    def receive(self, timeout_s: float | None = None) -> ToViewer:
        """Return the next message. Raises ``CoreGone``, or ``TimeoutError`` after ``timeout_s``."""
        # Not select(2): it knows no descriptor above 1,023.
        arriving = select.poll()
        arriving.register(self._socket, select.POLLIN)
        if not arriving.poll(None if timeout_s is None else 1000 * timeout_s):
            raise TimeoutError
        size = int.from_bytes(self._read(4))
        if size > LARGEST_FRAME_BYTES:
            raise CoreGone(f"a frame of {size} bytes is not ours")
        message: ToViewer = _decoder.decode(self._read(size))
        return message

    def finish(self, timeout_s: float) -> None:
        """Send nothing more, and return once the core has taken everything that was sent.

        Raises ``TimeoutError`` where it says nothing for ``timeout_s``.
        """
        self._socket.shutdown(socket.SHUT_WR)
        with contextlib.suppress(CoreGone):
            while True:
                self.receive(timeout_s)

    def close(self) -> None:
        """Close the connection and wake a ``receive`` that waits in another thread."""
        try:
            self._socket.shutdown(socket.SHUT_RDWR)
        except OSError:
            self._socket.close()
            return
        self._socket.close()

    def _read(self, size: int) -> bytes:
        chunks = bytearray()
        while len(chunks) < size:
            try:
                chunk = self._socket.recv(size - len(chunks))
            except OSError as error:
                raise CoreGone(str(error)) from None
            if not chunk:
                raise CoreGone("the core closed the socket")
            chunks += chunk
        return bytes(chunks)
