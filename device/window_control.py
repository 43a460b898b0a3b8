"""Requests to the window's process besides showing a Screen."""

import logging
import os
import signal

from device.performers import Performs
from device.rules import effects as fx
from device.rules.now import Now
from device.rules.state import State
from device.screen.server import ScreenServer
from device.window_protocol.messages import TakePicture, Touch

_log = logging.getLogger(__name__)


class WindowControl:
    """Takes pictures, touches remotely, and kills a frozen window."""

    def __init__(self, server: ScreenServer) -> None:
        self._server = server

    def performs(self) -> Performs:
        """Return the effects that the window carries out."""
        return {
            fx.TakePicture: lambda _effect, _state, _now: self._server.to_window(TakePicture()),
            fx.TouchScreen: self._touch,
            fx.RestartWindow: self._end_window,
        }

    def _touch(self, effect: fx.TouchScreen, _state: State, _now: Now) -> None:
        self._server.to_window(Touch(effect.x, effect.y))

    def _end_window(self, _effect: fx.RestartWindow, _state: State, _now: Now) -> None:
        """Kill the window: SIGKILL works on a stopped process too; its supervisor restarts it."""
        for pid in self._server.window_pids():
            try:
                os.kill(pid, signal.SIGKILL)
            except OSError as error:
                _log.error("the frozen window %d could not be ended: %s", pid, error)
