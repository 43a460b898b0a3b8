"""The journal of presses: saved before anything else, and sent by HTTPS if the core hangs (K21).

A button's thread writes a press down and then hands it to the core's loop. A press that the loop does not
take in time is sent to the desk from here; one left by a crashed core is taken by the next.
"""

import contextlib
import logging
import os
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Literal

import msgspec
from msgspec import Struct

from device.contract.errors import Malformed
from device.contract.wire import read
from device.rules.now import Now

_log = logging.getLogger(__name__)

# A working loop takes a press within milliseconds.
PATIENCE_S = 2.0
RETRY_S = 5.0
# Help for an older press has come some other way.
OLDEST_S = 1800.0

Source = Literal["button", "pendant"]


class Entry(Struct, frozen=True, kw_only=True):
    """A press; its id is that of the resulting request."""

    id: str
    source: Source
    name: str
    at: float
    trusted: bool = True


class PressJournal:
    """Saves presses from any thread; ``rescue`` sends an entry to the desk, or raises.

    ``left`` are presses that the last core did not take; they are sent too where this core does not start.
    """

    def __init__(self, path: Path, rescue: Callable[[Entry], None], now: Callable[[], Now]) -> None:
        self._path = path
        self._rescue = rescue
        self._lock = threading.Lock()
        self._added = threading.Event()
        self._is_over = False
        self.left = self._read_left(now())
        self._waiting = {entry.id: entry for entry in self.left}
        if self.left:
            self._added.set()
        threading.Thread(target=self._watch, name="presses", daemon=True).start()

    def add(self, entry: Entry) -> None:
        """Save a press; on a disk that refuses it is kept in memory."""
        with self._lock:
            self._waiting[entry.id] = entry
            with contextlib.suppress(OSError), self._path.open("ab") as file:
                file.write(msgspec.json.encode(entry) + b"\n")
                file.flush()
                os.fsync(file.fileno())
        self._added.set()

    def taken(self, id_: str) -> None:
        """Remove a press: the core has saved what follows from it."""
        with self._lock:
            self._waiting.pop(id_, None)
            if not self._waiting:
                with contextlib.suppress(OSError):
                    self._path.unlink(missing_ok=True)

    def stop(self) -> None:
        """Stop the watching thread; entries stay on the disk for the next start."""
        self._is_over = True
        self._added.set()

    def _read_left(self, now: Now) -> list[Entry]:
        try:
            lines = self._path.read_bytes().splitlines()
        except OSError:
            return []
        found = []
        for line in lines:
            with contextlib.suppress(Malformed):
                found.append(read(line, Entry))
        return [entry for entry in found if not _is_old(entry, now)]

    def _watch(self) -> None:
        while not self._is_over:
            self._added.wait()
            self._added.clear()
            time.sleep(PATIENCE_S)
            while (late := self._late()) and not self._is_over:
                for entry in late:
                    self._try(entry)
                time.sleep(RETRY_S)

    def _late(self) -> list[Entry]:
        with self._lock:
            return list(self._waiting.values())

    def _try(self, entry: Entry) -> None:
        _log.error("a press waits for the core: it goes to the desk by itself")
        try:
            self._rescue(entry)
        except Exception as error:  # noqa: BLE001 - it is tried again
            _log.warning("the press could not be handed over: %s", error)


def _is_old(entry: Entry, now: Now) -> bool:
    """Return whether the press is too old; never where a clock was or is not trusted."""
    return entry.trusted and now.trusted and now.wall.timestamp() - entry.at > OLDEST_S
