"""The caller's pictures, from the call process to the window, through shared memory.

A file of three slots, each with one picture as three planes (I420: full-size ``y``, then ``u`` and ``v`` of
half the width and height, rounded up). The newest wins: a writer never waits for a reader, and a reader that
was overtaken while it copied detects it and copies the newer one. Beside it is a FIFO, ``<path>.wake``, that
gets a byte for each picture, so that a reader can sleep in ``select``.
"""

import errno
import mmap
import os
import stat
from pathlib import Path
from threading import Lock
from typing import NamedTuple, Self

Plane = bytes | bytearray | memoryview

# Full HD, in either orientation.
LARGEST_FRAME_BYTES = 1920 * 1088 * 3 // 2
_SLOTS = 3
_HEADER_BYTES = 4096
_FILE_BYTES = _HEADER_BYTES + _SLOTS * LARGEST_FRAME_BYTES
_MARK = int.from_bytes(b"KR-I420\x01", "little")
_WAKE_READ_BYTES = 65_536

# Header offsets, in words of eight bytes; slot ``n`` has its four words from ``4 * (n + 1)`` on.
_MARKED, _NEWEST = 0, 1
_NUMBER, _WIDTH, _HEIGHT = 0, 1, 2


class FramesGone(Exception):
    """There are no pictures at this path, or it is another file."""


class VideoFrame(NamedTuple):
    """One picture, its planes one after the other; ``number`` increases with every picture of one writer."""

    width_px: int
    height_px: int
    octets: bytes
    number: int

    @property
    def planes(self) -> tuple[bytes, bytes, bytes]:
        """Return the planes ``y``, ``u`` and ``v``."""
        of_y, of_u, _ = _plane_sizes(self.width_px, self.height_px)
        return self.octets[:of_y], self.octets[of_y : of_y + of_u], self.octets[of_y + of_u :]


class _Ring:
    """The file's layout, shared by both ends."""

    def __init__(self, file: int, *, writable: bool) -> None:
        self._map = mmap.mmap(file, _FILE_BYTES, access=mmap.ACCESS_WRITE if writable else mmap.ACCESS_READ)
        self._octets = memoryview(self._map)
        self._words = self._octets[:_HEADER_BYTES].cast("Q")
        self._lock = Lock()

    def _fence(self) -> None:
        """A memory barrier: earlier reads and writes of this thread come before later ones, on ARM too."""
        with self._lock:
            pass

    def _let_go(self) -> None:
        self._words.release()
        self._octets.release()
        self._map.close()


class FrameWriter(_Ring):
    """The only writer of a path. Used from one thread."""

    def __init__(self, path: Path) -> None:
        """Create file and FIFO. Raises ``OSError``."""
        self._path, self._wake_path = path, wake_path(path)
        _unlink(path)
        os.mkfifo(self._wake_path, 0o600)
        file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            os.ftruncate(file, _FILE_BYTES)
            super().__init__(file, writable=True)
        finally:
            os.close(file)
        self._words[_MARKED] = _MARK
        self._number = 0
        self._wake: int | None = None

    def write(self, width_px: int, height_px: int, y: Plane, u: Plane, v: Plane) -> None:
        """Write a picture, without padding. Raises ``ValueError`` where the planes do not match the size."""
        planes = [memoryview(plane).cast("B") for plane in (y, u, v)]
        sizes = _plane_sizes(width_px, height_px)
        if [len(plane) for plane in planes] != sizes or sum(sizes) > LARGEST_FRAME_BYTES:
            given = ", ".join(str(len(plane)) for plane in planes)
            raise ValueError(f"planes of {given} bytes are no picture of {width_px}×{height_px}")
        self._number += 1
        slot = self._number % _SLOTS
        words = 4 * (slot + 1)
        self._words[words + _NUMBER] = 0
        self._fence()
        at = _HEADER_BYTES + slot * LARGEST_FRAME_BYTES
        for plane in planes:
            self._octets[at : at + len(plane)] = plane
            at += len(plane)
        self._words[words + _WIDTH] = width_px
        self._words[words + _HEIGHT] = height_px
        self._fence()
        self._words[words + _NUMBER] = self._number
        self._fence()
        self._words[_NEWEST] = self._number
        self._wake_reader()

    def close(self) -> None:
        """Delete the files; a reader that still has them open keeps its last picture."""
        _unlink(self._path)
        if self._wake is not None:
            os.close(self._wake)
            self._wake = None
        self._let_go()

    def _wake_reader(self) -> None:
        try:
            if self._wake is None:
                self._wake = os.open(self._wake_path, os.O_WRONLY | os.O_NONBLOCK)
            os.write(self._wake, b"\0")
        except BlockingIOError:
            # The reader has not read for a long time, and has enough bytes to wake it.
            return
        except OSError as error:
            # ENXIO: no reader; EPIPE: the reader is gone; ENOENT: the folder is being deleted.
            if error.errno not in (errno.ENXIO, errno.EPIPE, errno.ENOENT):
                raise
            if self._wake is not None:
                os.close(self._wake)
                self._wake = None


class FrameReader(_Ring):
    """One reader of a path. ``wake_fd`` becomes readable with each picture, or just after it was read."""

    def __init__(self, path: Path) -> None:
        """Open the file. Raises ``FramesGone``."""
        try:
            file = os.open(path, os.O_RDONLY)
        except OSError as error:
            raise FramesGone(f"{path}: {error.strerror}") from None
        try:
            if os.fstat(file).st_size != _FILE_BYTES:
                raise FramesGone(f"{path} is no file of pictures")
            super().__init__(file, writable=False)
        finally:
            os.close(file)
        try:
            self.wake_fd = self._open_wake(path)
        except BaseException:
            self._let_go()
            raise
        self._seen = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def newest(self) -> VideoFrame | None:
        """Return the newest picture, or None where there is none since the last call. Never blocks."""
        self._quieten()
        for _ in range(_SLOTS):
            number = self._words[_NEWEST]
            if number == self._seen:
                return None
            self._fence()
            frame = self._copy(number)
            if frame:
                self._seen = number
                return frame
        # Overtaken each time: the writer, in the middle of the next one, wakes us again.
        return None

    def close(self) -> None:
        """Close the file of pictures and its FIFO."""
        os.close(self.wake_fd)
        self._let_go()

    def _open_wake(self, path: Path) -> int:
        if self._words[_MARKED] != _MARK:
            raise FramesGone(f"{path} is no file of pictures")
        try:
            # Also for writing, although nothing is written: else the FIFO would be readable for ever at EOF.
            wake = os.open(wake_path(path), os.O_RDWR | os.O_NONBLOCK)
        except OSError as error:
            raise FramesGone(f"{wake_path(path)}: {error.strerror}") from None
        if not stat.S_ISFIFO(os.fstat(wake).st_mode):
            os.close(wake)
            raise FramesGone(f"{wake_path(path)} is no FIFO")
        return wake

    def _copy(self, number: int) -> VideoFrame | None:
        """Return a copy of the picture; None where the writer has reused the slot."""
        slot = number % _SLOTS
        words = 4 * (slot + 1)
        if self._words[words + _NUMBER] != number:
            return None
        self._fence()
        width_px, height_px = self._words[words + _WIDTH], self._words[words + _HEIGHT]
        size = sum(_plane_sizes(width_px, height_px))
        if size > LARGEST_FRAME_BYTES:
            return None
        at = _HEADER_BYTES + slot * LARGEST_FRAME_BYTES
        octets = bytes(self._octets[at : at + size])
        self._fence()
        whole = self._words[words + _NUMBER] == number
        return VideoFrame(width_px, height_px, octets, number) if whole else None

    def _quieten(self) -> None:
        try:
            while len(os.read(self.wake_fd, _WAKE_READ_BYTES)) == _WAKE_READ_BYTES:
                pass
        except BlockingIOError:
            return


def wake_path(path: Path) -> Path:
    """Return the path of the FIFO that belongs to a picture file."""
    return path.with_name(f"{path.name}.wake")


def _unlink(path: Path) -> None:
    path.unlink(missing_ok=True)
    wake_path(path).unlink(missing_ok=True)


def _plane_sizes(width_px: int, height_px: int) -> list[int]:
    half = ((width_px + 1) // 2) * ((height_px + 1) // 2)
    return [width_px * height_px, half, half]
