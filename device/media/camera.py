"""Sources of our video: a V4L2 camera, or a test pattern in its place."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Event, Thread
from typing import Protocol

import av
import numpy as np
import numpy.typing as npt

WIDTH_PX, HEIGHT_PX, RATE_HZ = 640, 480, 30
_RETRY_S = 2.0
# Columns of the test pattern as (y, u, v): white, yellow, cyan, green, magenta, red, blue, black (BT.601).
BARS = (
    (235, 128, 128),
    (210, 16, 146),
    (170, 166, 16),
    (145, 54, 34),
    (106, 202, 222),
    (81, 90, 240),
    (41, 240, 110),
    (16, 128, 128),
)
_BLOCK_PX = 64


class CameraFault(Exception):
    """The camera delivers no picture; the message says why."""


class PictureSource(Protocol):
    """A source of pictures, which a ``CameraFault`` ends."""

    def pictures(self) -> Iterator[av.VideoFrame]:
        """Yield pictures; the source is opened with the first and closed with the generator."""


class V4l2Camera:
    """A V4L2 device, such as ``/dev/video0``. ``format_`` is the name of an FFmpeg demuxer."""

    def __init__(self, device: Path, format_: str = "v4l2", options: dict[str, str] | None = None) -> None:
        self._device = device
        self._format = format_
        size = {"video_size": f"{WIDTH_PX}x{HEIGHT_PX}", "framerate": str(RATE_HZ)}
        self._options = size if options is None else options

    def pictures(self) -> Iterator[av.VideoFrame]:
        """Yield pictures. Raises ``CameraFault`` where the camera is missing or unplugged."""
        try:
            with av.open(str(self._device), format=self._format, options=self._options) as container:
                yield from container.decode(video=0)
        except (av.FFmpegError, OSError, IndexError) as error:
            raise CameraFault(f"{self._device}: {error}") from None
        raise CameraFault(f"{self._device} gives no more pictures")


class MovingBars:
    """Coloured columns and a white block that moves along the lower edge."""

    def pictures(self) -> Iterator[av.VideoFrame]:
        """Yield thirty pictures a second, for ever."""
        columns = np.arange(WIDTH_PX) * len(BARS) // WIDTH_PX
        y, u, v = (np.array([bar[plane] for bar in BARS], np.uint8)[columns] for plane in range(3))
        base = np.concatenate(
            (np.tile(y, (HEIGHT_PX, 1)), _chroma(u), _chroma(v)),
        )
        began = time.monotonic()
        for number in range(1_000_000_000):
            image = base.copy()
            left = number * 4 % (WIDTH_PX - _BLOCK_PX)
            image[HEIGHT_PX - _BLOCK_PX : HEIGHT_PX, left : left + _BLOCK_PX] = 235
            yield av.VideoFrame.from_ndarray(image, format="yuv420p")
            time.sleep(max(0.0, began + (number + 1) / RATE_HZ - time.monotonic()))


def _chroma(line: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
    """Return a plane of half the width and height, as lines of the full width (PyAV's layout of I420)."""
    half = np.tile(line[::2], (HEIGHT_PX // 2, 1))
    return half.reshape(HEIGHT_PX // 4, WIDTH_PX)


class CameraThread:
    """Reads a source until it is closed, and retries where that fails."""

    def __init__(
        self,
        source: PictureSource,
        deliver: Callable[[av.VideoFrame], None],
        trouble: Callable[[str], None],
    ) -> None:
        """Start the thread, on which ``deliver`` and ``trouble`` (empty: it works again) are called."""
        self._source = source
        self._deliver = deliver
        self._trouble = trouble
        self._stop = Event()
        self._thread = Thread(target=self._run, name="camera", daemon=True)
        self._thread.start()

    def close(self, patience_s: float = 1.0) -> None:
        """Stop the thread; no picture is delivered after this returns."""
        self._stop.set()
        self._thread.join(patience_s)

    def _run(self) -> None:
        reported = ""
        while not self._stop.is_set():
            pictures = self._source.pictures()
            try:
                for frame in pictures:
                    if self._stop.is_set():
                        break
                    if reported:
                        reported = ""
                        self._trouble("")
                    self._deliver(frame)
            except CameraFault as fault:
                if not reported:
                    reported = str(fault)
                    self._trouble(reported)
                self._stop.wait(_RETRY_S)
            finally:
                # Closes the device now and not when the generator is collected.
                getattr(pictures, "close", lambda: None)()
