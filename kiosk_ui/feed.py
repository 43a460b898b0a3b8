"""Waits for video frames in a thread: the drawing loop sleeps until there is one to draw.

The thread exists only while a video is on the page.
"""

import logging
import os
import select
import time
from collections.abc import Callable
from pathlib import Path
from threading import Event, Lock, Thread

from device.window_protocol.frames import FrameReader, FramesGone, VideoFrame

MOST_A_SECOND = 30
# A frame that is slightly early is accepted, as long as the average rate is kept.
SLACK_S = 0.5 / MOST_A_SECOND
RETRY_S = 0.1
LOOK_AGAIN_S = 0.5
# The maximum texture size of GPUs, and more than any camera delivers.
LARGEST_SIDE_PX = 4096

log = logging.getLogger(__name__)


class Feed:
    """The newest frame of a path. ``wake`` is called from another thread when there is a new one."""

    def __init__(self, path: Path, wake: Callable[[], None]) -> None:
        self._path = path
        self._wake = wake
        self._lock = Lock()
        self._frame: VideoFrame | None = None
        self._is_new = False
        self._has_frame = Event()
        self._closing = os.eventfd(0, os.EFD_CLOEXEC | os.EFD_NONBLOCK)
        self._thread = Thread(target=self._run, name="frames", daemon=True)
        self._thread.start()

    def take(self) -> tuple[bool, VideoFrame | None]:
        """Return whether there is a change since the last call, and the frame, None where there is none."""
        with self._lock:
            is_new, self._is_new = self._is_new, False
            frame, self._frame = self._frame, None
        return is_new, frame

    def has_begun(self, patience_s: float) -> bool:
        """Wait for the first frame."""
        return self._has_frame.wait(patience_s)

    def close(self) -> None:
        """End the thread, without blocking for longer than one copy."""
        os.eventfd_write(self._closing, 1)
        self._thread.join()
        os.close(self._closing)

    def _run(self) -> None:
        """Follow the writer, which may start later than the page, stop, and return under the same path."""
        while True:
            made = _identity(self._path)
            try:
                with FrameReader(self._path) as reader:
                    is_closing = self._follow(reader, made)
            except (FramesGone, OSError, ValueError) as error:
                log.debug("no pictures: %s", error)
                is_closing = False
            if is_closing or self._is_closing(RETRY_S):
                return

    def _follow(self, reader: FrameReader, made: tuple[int, int] | None) -> bool:
        """Read frames until the file is replaced or removed, or (True) the feed is closed."""
        due_s = 0.0
        while _identity(self._path) == made:
            frame = reader.newest()
            if frame and 0 < frame.width_px <= LARGEST_SIDE_PX and 0 < frame.height_px <= LARGEST_SIDE_PX:
                self._leave(frame)
                due_s = max(due_s, time.monotonic() - SLACK_S) + 1 / MOST_A_SECOND
            readable, _, _ = select.select([reader.wake_fd, self._closing], [], [], LOOK_AGAIN_S)
            if self._closing in readable or (readable and self._is_closing(due_s - time.monotonic())):
                return True
        self._leave(None)
        return False

    def _is_closing(self, patience_s: float) -> bool:
        return bool(select.select([self._closing], [], [], max(0.0, patience_s))[0])

    def _leave(self, frame: VideoFrame | None) -> None:
        with self._lock:
            self._frame, self._is_new = frame, True
        if frame:
            self._has_frame.set()
        self._wake()


def _identity(path: Path) -> tuple[int, int] | None:
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_dev, status.st_ino
