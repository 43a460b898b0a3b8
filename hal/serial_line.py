"""A serial line that may be unplugged at any time and reconnects automatically."""

import logging
import os
import select
import threading
from collections.abc import Callable

import serial

from hal.ports import HardwareAbsent, HardwareError

_log = logging.getLogger(__name__)


class SerialLine:
    """An open port. ``read`` and ``write`` raise ``HardwareAbsent`` once the device is gone."""

    def __init__(self, port: str, baud: int) -> None:
        try:
            self._serial = serial.Serial(port, baud, timeout=0, write_timeout=5.0, exclusive=True)
        except (OSError, ValueError) as error:
            raise HardwareAbsent(f"{port} cannot be opened: {_words(error)}") from None
        self._descriptor: int = self._serial.fileno()
        self._port = port
        self._woken, self._waker = os.pipe()

    def read(self, seconds: float) -> bytes:
        """Return the bytes received, as soon as there are any; empty after ``seconds`` or ``wake``."""
        try:
            ready, _, _ = select.select([self._descriptor, self._woken], [], [], max(0.0, seconds))
            if self._woken in ready:
                os.read(self._woken, 1024)
            if self._descriptor not in ready:
                return b""
            octets = os.read(self._descriptor, 4096)
        except OSError as error:
            raise HardwareAbsent(f"{self._port} is gone: {_words(error)}") from None
        if not octets:
            raise HardwareAbsent(f"{self._port} is gone")
        return octets

    def write(self, octets: bytes) -> None:
        """Write all octets. Raises ``HardwareAbsent`` where the port is gone."""
        try:
            self._serial.write(octets)
        except OSError as error:
            raise HardwareAbsent(f"{self._port} is gone: {_words(error)}") from None

    def wake(self) -> None:
        """Make a waiting or the next ``read`` return. Callable from any thread, but not after ``close``."""
        os.write(self._waker, b"!")

    def close(self) -> None:
        """Close the port and the pipe that wakes its reader."""
        try:
            self._serial.close()
        except OSError as error:
            _log.debug("%s went while it was closed: %s", self._port, error)
        os.close(self._woken)
        os.close(self._waker)


class SerialService(threading.Thread):
    """Keeps a port open: opens it, lets ``serve`` use it until it raises, retries later.

    ``serve(line)`` returns only when ``closing`` is set; ``without(reason)`` is called on the same thread
    whenever the line was lost, and when there is none and ``wake`` was called.
    """

    def __init__(  # noqa: PLR0913 - what it serves, and how
        self,
        port: str,
        baud: int,
        serve: Callable[[SerialLine], None],
        without: Callable[[str], None],
        *,
        retry_s: float = 2.0,
        name: str,
    ) -> None:
        super().__init__(name=name, daemon=True)
        self._port, self._baud = port, baud
        self._serve, self._without = serve, without
        self._retry_s = retry_s
        self._line: SerialLine | None = None
        self._line_lock = threading.Lock()
        self._woken = threading.Event()
        self.closing = threading.Event()
        self.fault = f"{port} has not been opened yet"

    def run(self) -> None:
        """Run until ``close`` is called."""
        while not self.closing.is_set():
            try:
                self._serve_once()
            except HardwareError as error:
                self._lost(str(error))
            except Exception as error:  # noqa: BLE001 - the line must survive bad input
                _log.exception("%s failed", self.name)
                self._lost(f"{type(error).__name__}: {error}")
            self._wait()

    def wake(self) -> None:
        """Wake the thread: there is work, or it should stop. Callable from any thread."""
        self._woken.set()
        with self._line_lock:
            if self._line:
                self._line.wake()

    def close(self) -> None:
        """Stop the thread and wait until it has ended."""
        self.closing.set()
        self.wake()
        if self.is_alive() and threading.current_thread() is not self:
            self.join(timeout=10.0)

    def _serve_once(self) -> None:
        line = SerialLine(self._port, self._baud)
        with self._line_lock:
            self._line = line
        try:
            self._serve(line)
        finally:
            with self._line_lock:
                self._line = None
                line.close()

    def _lost(self, reason: str) -> None:
        if reason != self.fault:
            _log.warning("%s: %s", self.name, reason)
        self.fault = reason
        self._without(reason)

    def _wait(self) -> None:
        """Wait until the next attempt; requests in the meantime are answered at once."""
        self._woken.clear()
        if not self.closing.is_set() and self._woken.wait(self._retry_s):
            self._without(self.fault)


def _words(error: Exception) -> str:
    strerror = getattr(error, "strerror", None)
    return str(strerror or error)
