"""The pixels of a virtual display, and a finger on it."""

from pathlib import Path

from PIL import Image
from Xlib import X
from Xlib.display import Display
from Xlib.ext import xtest

_COLOURS_AT, _SIZE_AT, _COLOUR_BYTES = 76, 16, 12


def picture(frame_file: Path) -> Image.Image:
    """What is on the display now: Xvfb keeps it in a file (X11/XWDFile.h, big-endian header)."""
    data = frame_file.read_bytes()
    header = int.from_bytes(data[:4])
    width, height = (int.from_bytes(data[at : at + 4]) for at in (_SIZE_AT, _SIZE_AT + 4))
    start = header + _COLOUR_BYTES * int.from_bytes(data[_COLOURS_AT : _COLOURS_AT + 4])
    pixels = data[start : start + width * height * 4]
    return Image.frombuffer("RGB", (width, height), pixels, "raw", "BGRX", 0, 1)


def tap(display: str, x_px: int, y_px: int) -> None:
    """A pointer that is put down and lifted, through the X server's own input (XTEST)."""
    connection = Display(display)
    try:
        xtest.fake_input(connection, X.MotionNotify, x=x_px, y=y_px)
        xtest.fake_input(connection, X.ButtonPress, 1)
        xtest.fake_input(connection, X.ButtonRelease, 1)
        connection.sync()
    finally:
        connection.close()
