"""The wizard's camera: its pictures for the window, and the QR codes in them."""

from collections.abc import Callable
from pathlib import Path

import av
import numpy as np
import numpy.typing as npt
import zxingcpp

from device.media.caller_picture import planes
from device.media.camera import CameraThread, PictureSource
from device.window_protocol.frames import FrameWriter

# Decoding a code takes as long as some pictures.
READ_EVERY = 4
_QR = zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.QRCode])


class SetupCamera:
    """Opened and closed on the wizard's loop; callbacks come from its own thread.

    ``shows`` gets the path of the pictures, or the error; ``seen`` the text of each QR code.
    """

    def __init__(
        self,
        source: PictureSource,
        frames: Path,
        *,
        shows: Callable[[str, str], None],
        seen: Callable[[str], None],
    ) -> None:
        self._source = source
        self._frames = frames
        self._shows = shows
        self._seen = seen
        self._writer: FrameWriter | None = None
        self._thread: CameraThread | None = None
        self._is_shown = False
        self._count = 0

    def open(self) -> None:
        """Open the camera; no effect if it is open."""
        if self._thread is None:
            self._writer = FrameWriter(self._frames)
            self._is_shown = False
            self._thread = CameraThread(self._source, self._take, self._trouble)

    def close(self) -> None:
        """Close the camera and the file of its pictures, if they are open."""
        if self._thread:
            self._thread.close()
            self._thread = None
        if self._writer:
            self._writer.close()
            self._writer = None

    def _trouble(self, reason: str) -> None:
        self._is_shown = False
        if reason:
            self._shows("", reason)

    def _take(self, frame: av.VideoFrame) -> None:
        picture = frame if frame.format.name == "yuv420p" else frame.reformat(format="yuv420p")
        y, u, v = planes(picture)
        if self._writer:
            self._writer.write(picture.width, picture.height, y, u, v)
        if not self._is_shown:
            self._is_shown = True
            self._shows(str(self._frames), "")
        self._count += 1
        if self._count % READ_EVERY == 0:
            self._read(np.frombuffer(y, np.uint8).reshape(picture.height, picture.width))

    def _read(self, grey: npt.NDArray[np.uint8]) -> None:
        for found in zxingcpp.read_barcodes(grey, formats=_QR):
            self._seen(found.text)
