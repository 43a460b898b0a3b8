"""A finger on the display, through the X server's own input (XTEST)."""

import time

from Xlib import X
from Xlib.display import Display
from Xlib.ext import xtest

from tests.bench.screen.pixels import Area

# The X server paints its pointer into the picture: it stays away from where the probe looks.
_FROM_THE_CORNER_PX = 14


class Finger:
    """One connection for all taps."""

    def __init__(self, display: str) -> None:
        self._display = Display(display)

    def close(self) -> None:
        self._display.close()

    def away(self) -> None:
        """Where nothing can be touched."""
        self._move(self._display.screen().width_in_pixels - 1, 0)

    def over(self, button: Area) -> None:
        """Above the lower left corner of a button."""
        self._move(button.left + _FROM_THE_CORNER_PX, button.bottom - _FROM_THE_CORNER_PX)

    def down(self) -> float:
        """Puts it down; the moment before (``time.perf_counter``)."""
        began = time.perf_counter()
        xtest.fake_input(self._display, X.ButtonPress, 1)
        self._display.flush()
        return began

    def up(self) -> None:
        xtest.fake_input(self._display, X.ButtonRelease, 1)
        self._display.sync()

    def slide_off(self) -> None:
        """Lifts it where nothing can be touched: the button was felt and does nothing."""
        self.away()
        self.up()

    def _move(self, x_px: int, y_px: int) -> None:
        xtest.fake_input(self._display, X.MotionNotify, x=x_px, y=y_px)
        self._display.sync()
