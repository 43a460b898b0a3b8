"""The drawing loop: handles events, then sleeps until there are more. It never polls."""

import gc
import time
from typing import Any

from device.start import resume_garbage_collection
from kiosk_ui.bridge import Bridge
from kiosk_ui.kiosk import Kiosk
from kiosk_ui.sdl import EventWait
from kiosk_ui.supervisor import Supervisor
from kiosk_ui.window import KioskWindow, as_jpeg

MOUSE = "mouse"


class Loop:
    """Runs everything that touches the display, in one thread."""

    def __init__(
        self, window: KioskWindow, wait: EventWait, kiosk: Kiosk, bridge: Bridge, *, supervisor: Supervisor
    ) -> None:
        self._window = window
        self._wait = wait
        self._kiosk = kiosk
        self._bridge = bridge
        self._supervisor = supervisor
        self._must_draw = True

    def run(self) -> None:
        """Run until the window is closed."""
        while self._turn():
            self._wait.sleep(max(0.0, self._kiosk.wake_at() - time.monotonic()))

    def _turn(self) -> bool:
        for event in self._window.events():
            if event[0] == "quit":
                return False
            self._take(event)
        self._wait.awake()
        self._must_draw = self._kiosk.step() or self._must_draw
        self._must_draw = self._window.take_frames() or self._must_draw
        painted = self._must_draw
        if painted:
            self._window.draw()
            self._window.flip()
            self._must_draw = False
        self._kiosk.frame_is_on()
        self._supervisor.went_round(time.monotonic(), painted=painted)
        if self._kiosk.wants_picture:
            self._give_picture()
        self._end_start()
        return True

    def _take(self, event: tuple[Any, ...]) -> None:
        """Handle an event: fingers are given as fractions of the window, the mouse in pixels."""
        name, values = event[0], event[1:]
        width, height = self._window.panel.width_px, self._window.panel.height_px
        match name:
            case "fingerdown":
                self._kiosk.finger_down(values[0], values[1] * width, values[2] * height)
            case "fingermotion":
                self._kiosk.finger_moved(values[0], values[1] * width, values[2] * height)
            case "fingerup":
                self._kiosk.finger_up(values[0], values[1] * width, values[2] * height)
            case "mousebuttondown":
                self._kiosk.finger_down(MOUSE, values[0], values[1])
            case "mousemotion":
                self._kiosk.finger_moved(MOUSE, values[0], values[1])
            case "mousebuttonup":
                self._kiosk.finger_up(MOUSE, values[0], values[1])
            case "windowexposed" | "windowshown" | "windowrestored":
                self._must_draw = True

    def _give_picture(self) -> None:
        self._kiosk.wants_picture = False
        pixels = self._window.pixels()
        self._bridge.say(lambda: as_jpeg(pixels))

    def _end_start(self) -> None:
        """Freeze the garbage of the start, after the first frame, to keep later collections short."""
        if not gc.isenabled():
            resume_garbage_collection()
