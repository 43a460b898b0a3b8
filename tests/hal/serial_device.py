"""A device at the other end of a real serial line (a pty) that can be unplugged and plugged in again."""

import os
import select
import threading
from pathlib import Path

# How soon it detects that it is unplugged.
_PATIENCE_MS = 20


class SerialDevice:
    """A serial device; ``port`` exists only while it is plugged in. Subclasses implement ``answer``."""

    def __init__(self, folder: Path) -> None:
        self.port = folder / "ttyUSB0"
        self._master = -1
        self._slave = -1
        self._thread: threading.Thread | None = None
        self._gone = threading.Event()

    def plug(self) -> None:
        self._master, self._slave = os.openpty()
        self._gone.clear()
        self.port.symlink_to(os.ttyname(self._slave))
        self._thread = threading.Thread(target=self._run, daemon=True, name="serial-device")
        self._thread.start()

    def unplug(self) -> None:
        """Unplug it: any process that has the port open gets an error."""
        if self._thread is None:
            return
        self.port.unlink()
        self._gone.set()
        self._thread.join()
        self._thread = None
        os.close(self._slave)
        os.close(self._master)

    def say(self, octets: bytes) -> None:
        os.write(self._master, octets)

    def answer(self, octets: bytes) -> None:
        """Handle bytes received from the line."""

    def _run(self) -> None:
        line = select.poll()
        line.register(self._master, select.POLLIN)
        while not self._gone.is_set():
            if line.poll(_PATIENCE_MS):
                self.answer(os.read(self._master, 4096))
