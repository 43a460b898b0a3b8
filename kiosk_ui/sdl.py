"""Waits for events in SDL itself, using the library that Kivy has loaded."""

import ctypes
import re
import time
from collections.abc import Callable
from functools import cache, partial
from pathlib import Path
from threading import Event

_USER_EVENT = 0x8000
_EVENT_BYTES = 56
_JOYSTICKS = 0x200
_LAST_EVENT = 0xFFFF
_SHORT_S = 0.01
_DRIVERS_THAT_WAIT = {b"x11", b"wayland"}


class EventWait:
    """Sleeps until SDL has an event, ``wake`` is called, or the timeout."""

    def __init__(self) -> None:
        self._sdl = loaded_sdl()
        self._event = ctypes.create_string_buffer(_USER_EVENT.to_bytes(4, "little"), _EVENT_BYTES)
        # With joysticks open SDL would wake up to poll them.
        self._sdl.SDL_QuitSubSystem(_JOYSTICKS)
        self._flag = Event()
        self.sleep: Callable[[float], None] = (
            self._sleep_in_sdl if video_driver() in _DRIVERS_THAT_WAIT else self._sleep_in_turns
        )

    def wake(self) -> None:
        """Wake the wait; callable from any thread."""
        if not self._flag.is_set():
            self._flag.set()
            self._sdl.SDL_PushEvent(self._event)

    def awake(self) -> None:
        """Reset after reading SDL's events and before reading messages: a later ``wake`` counts again."""
        self._flag.clear()

    def _sleep_in_sdl(self, seconds: float) -> None:
        # Showing a frame may have read events from the display already; SDL would wait for others.
        self._sdl.SDL_PumpEvents()
        self._sdl.SDL_WaitEventTimeout(None, max(1, int(seconds * 1000 + 1)))

    def _sleep_in_turns(self, seconds: float) -> None:
        """Sleep in steps: on a bare display SDL would poll a thousand times a second; 100 are enough."""
        until_s = time.monotonic() + seconds
        while (left_s := until_s - time.monotonic()) > 0:
            if self._flag.wait(min(left_s, _SHORT_S)):
                return
            self._sdl.SDL_PumpEvents()
            if self._sdl.SDL_HasEvents(0, _LAST_EVENT):
                return


@cache
def loaded_sdl() -> ctypes.CDLL:
    """Return the SDL in this process: a second copy would have its own, empty event queue."""
    for line in Path("/proc/self/maps").read_text().splitlines():
        found = re.search(r"/\S*libSDL2-2[^/]*$", line)
        if found:
            return ctypes.CDLL(found.group())
    raise RuntimeError("Kivy has not loaded SDL")


def video_driver() -> bytes:
    """Return SDL's video driver: ``x11``, ``KMSDRM``, ``offscreen``."""
    sdl = loaded_sdl()
    sdl.SDL_GetCurrentVideoDriver.restype = ctypes.c_char_p
    return sdl.SDL_GetCurrentVideoDriver() or b""


def partial_copy() -> Callable[[int, int, int, int], None] | None:
    """Return a function that copies part of a frame to an X display, or None.

    In pixels from the bottom left. GLX_MESA_copy_sub_buffer: without a GPU a swap copies the whole frame.
    """
    if video_driver() != b"x11":
        return None
    gl = ctypes.CDLL("libGL.so.1")
    gl.glXGetCurrentDisplay.restype = gl.glXGetProcAddressARB.restype = ctypes.c_void_p
    gl.glXGetCurrentDrawable.restype = ctypes.c_ulong
    gl.glXQueryExtensionsString.restype = ctypes.c_char_p
    address = gl.glXGetCurrentDisplay()
    display = ctypes.c_void_p(address)
    if not address or b"GLX_MESA_copy_sub_buffer" not in gl.glXQueryExtensionsString(display, 0):
        return None
    signature = ctypes.CFUNCTYPE(None, ctypes.c_void_p, ctypes.c_ulong, *(4 * (ctypes.c_int,)))
    copy = signature(gl.glXGetProcAddressARB(b"glXCopySubBufferMESA"))
    return partial(copy, display, gl.glXGetCurrentDrawable())
