"""The pixels of a virtual display, and a finger on it."""

import math
import time
from pathlib import Path

from PIL import Image
from Xlib import X
from Xlib.display import Display
from Xlib.ext import xtest

from kiosk_ui.panel import Panel
from kiosk_ui.touch import REPEAT_MM

# Between the X server's clock and the window's.
SLACK_S = 0.1
_COLOURS_AT, _SIZE_AT, _COLOUR_BYTES = 76, 16, 12


def picture(frame_file: Path) -> Image.Image:
    """What is on the display now: Xvfb keeps it in a file (X11/XWDFile.h, big-endian header)."""
    data = frame_file.read_bytes()
    header = int.from_bytes(data[:4])
    width, height = (int.from_bytes(data[at : at + 4]) for at in (_SIZE_AT, _SIZE_AT + 4))
    start = header + _COLOUR_BYTES * int.from_bytes(data[_COLOURS_AT : _COLOURS_AT + 4])
    pixels = data[start : start + width * height * 4]
    return Image.frombuffer("RGB", (width, height), pixels, "raw", "BGRX", 0, 1)


class Finger:
    """A pointer that is put down and lifted, through the X server's own input (XTEST).

    Not quicker than people are: what comes again near the same place within ``repeat_s`` is a tremor to the
    window, and no tap.
    """

    def __init__(self, display: str, panel: Panel, repeat_s: float) -> None:
        self._display = display
        self._near_px = REPEAT_MM * panel.px_per_mm
        self._pause_s = repeat_s + SLACK_S
        self._last: tuple[float, int, int] | None = None

    def tap(self, x_px: int, y_px: int) -> None:
        self._rest(x_px, y_px)
        connection = Display(self._display)
        try:
            xtest.fake_input(connection, X.MotionNotify, x=x_px, y=y_px)
            xtest.fake_input(connection, X.ButtonPress, 1)
            xtest.fake_input(connection, X.ButtonRelease, 1)
            connection.sync()
        finally:
            connection.close()
        self._last = time.monotonic(), x_px, y_px

    def _rest(self, x_px: int, y_px: int) -> None:
        if self._last is None:
            return
        tapped_s, last_x, last_y = self._last
        if math.hypot(x_px - last_x, y_px - last_y) < self._near_px:
            time.sleep(max(0.0, tapped_s + self._pause_s - time.monotonic()))
