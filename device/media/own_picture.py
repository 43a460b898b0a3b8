"""The resident's own picture, small and mirrored, for the window."""

import time
from pathlib import Path

import av
import numpy as np
from av.video.reformatter import Interpolation

from device.media.caller_picture import planes
from device.window_protocol.frames import FrameWriter

WIDTH_PX, HEIGHT_PX = 160, 120
# Enough to see oneself move, at a hundredth of the work of the others' picture.
INTERVAL_S = 0.5


class OwnPicture:
    """Writes some of the camera's pictures; ``take`` is for the camera's thread alone."""

    def __init__(self, path: Path) -> None:
        """Create the file of pictures. Raises ``OSError``."""
        self.path = path
        self._writer = FrameWriter(path)
        self._due_s = 0.0

    def take(self, frame: av.VideoFrame) -> None:
        """Write this picture, unless the last one is younger than ``INTERVAL_S``."""
        now_s = time.monotonic()
        if now_s < self._due_s:
            return
        self._due_s = now_s + INTERVAL_S
        small = frame.reformat(WIDTH_PX, HEIGHT_PX, "yuv420p", interpolation=Interpolation.AREA)
        mirrored = (np.ascontiguousarray(np.asarray(plane)[:, ::-1]).data for plane in planes(small))
        self._writer.write(WIDTH_PX, HEIGHT_PX, *mirrored)

    def close(self) -> None:
        """Delete the file, after the camera is off."""
        self._writer.close()
