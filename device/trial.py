"""Detects what crashed the core: found at the next start, and set aside the second time (K21).

A marker file says what is on trial, from before it is applied until the core has progressed. The file is
overwritten in place and not synced: it must survive the process, not a power cut.
"""

import contextlib
import logging
import os
import threading
import time
from pathlib import Path

import msgspec
from msgspec import Struct

from device.contract.documents import DOCUMENTS, AnyDocument, Document
from device.contract.errors import Malformed
from device.contract.wire import read

_log = logging.getLogger(__name__)

# A core that hung is known to have failed because of it; a sudden death may be a power cut, and must happen
# twice.
STUCK_AFTER_S = 4.0
_STUCK, _QUICK, _GUILTY = 3, 2, 6
_SIZE_BYTES = 1024
_TOUCH_S = 1.0


class Mark(Struct, frozen=True, kw_only=True):
    """What is on trial: documents by version, a command by its id, or, without either, the start itself."""

    documents: dict[Document, int] = {}
    command_id: str = ""
    began_at: float = 0.0
    points: int = 0

    @property
    def is_guilty(self) -> bool:
        """Return whether the core has crashed with it often enough."""
        return self.points >= _GUILTY


class Trial:
    """One marker, used from one thread. On a disk that refuses nothing is on trial."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._path = folder / "trial"
        self.left = self._read_left()
        # Passing the start does not clear a command: it comes again later, from the desk.
        self._suspect = self.left if self.left and self.left.command_id else None
        self.mark: Mark | None = None
        self._active = threading.Event()
        self._is_over = threading.Event()
        self._file = -1
        try:
            folder.mkdir(parents=True, exist_ok=True)
            self._file = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            _log.warning("nothing can be put on trial: %s", error)
        self._thread = threading.Thread(target=self._touch, name="trial", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stop writing; the marker stays as it is."""
        self._is_over.set()
        self._active.set()
        self._thread.join()
        if self._file >= 0:
            os.close(self._file)
            self._file = -1

    def begin_start(self) -> None:
        """Put the start on trial, or what crashed the core before."""
        left = None if self._suspect else self.left
        points = left.points if left else 0
        documents = left.documents if left and not left.is_guilty else {}
        self._write(Mark(documents=documents, began_at=time.time(), points=points))

    def begin_document(self, name: Document, version: int) -> None:
        """Put a new document on trial, beside others that still are."""
        mark = self.mark or Mark(began_at=time.time())
        self._write(msgspec.structs.replace(mark, documents={**mark.documents, name: version}))

    @contextlib.contextmanager
    def of_command(self, id_: str):  # type: ignore[no-untyped-def]
        """Put a command on trial for the duration of the block."""
        before, suspect = self.mark, self._suspect
        points = suspect.points if suspect and suspect.command_id == id_ else 0
        self._write(Mark(command_id=id_, began_at=time.time(), points=points))
        yield
        self._write(before)

    def passed(self) -> tuple[Document, ...]:
        """End the trial; return the documents that are now known to be good."""
        mark, self.left = self.mark, None
        if mark is None:
            return ()
        self._write(None)
        return tuple(mark.documents)

    def keep_good(self, name: Document, document: AnyDocument) -> None:
        """Save a good document, in case a later one is not."""
        path = self._good(name)
        try:
            path.parent.mkdir(mode=0o700, exist_ok=True)
            new = path.with_suffix(".new")
            new.write_bytes(msgspec.json.encode(document))
            new.replace(path)
        except OSError as error:
            _log.warning("a good document could not be kept: %s", error)

    def last_good(self, name: Document) -> AnyDocument | None:
        """Return the last good document of that name."""
        try:
            document: AnyDocument = read(self._good(name).read_bytes(), DOCUMENTS[name])
        except (OSError, Malformed):
            return None
        return document

    def _good(self, name: Document) -> Path:
        return self._folder / "good" / f"{name}.json"

    def _read_left(self) -> Mark | None:
        """Return the last core's marker, with its crash counted."""
        try:
            ended_at = self._path.stat().st_mtime
            mark = read(self._path.read_bytes().strip() or b"null", Mark)
        except (OSError, Malformed):
            return None
        points = _STUCK if ended_at - mark.began_at >= STUCK_AFTER_S else _QUICK
        return msgspec.structs.replace(mark, points=mark.points + points)

    def _write(self, mark: Mark | None) -> None:
        self.mark = mark
        if self._file >= 0:
            body = msgspec.json.encode(mark) if mark else b""
            with contextlib.suppress(OSError):
                os.pwrite(self._file, body.ljust(_SIZE_BYTES), 0)
        if mark:
            self._active.set()
        else:
            self._active.clear()

    def _touch(self) -> None:
        """Update the file's time: it shows when the core was last alive."""
        while True:
            self._active.wait()
            if self._is_over.wait(_TOUCH_S):
                return
            with contextlib.suppress(OSError):
                os.utime(self._path)
