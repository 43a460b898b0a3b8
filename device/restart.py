"""The restart of the machine: asked for through a file that a systemd path unit watches."""

import logging

from device.performers import Performs
from device.rules import effects as fx
from device.rules.now import Now
from device.rules.state import State
from device.settings import Settings

_log = logging.getLogger(__name__)


class MachineRestart:
    """Does nothing where the settings name no files."""

    def __init__(self, settings: Settings) -> None:
        self._due = settings.restart_due
        self._request = settings.restart_request

    def performs(self) -> Performs:
        """Return the one effect that restarts the machine."""
        return {fx.RestartIfUpgraded: self._restart}

    def _restart(self, _effect: fx.RestartIfUpgraded, _state: State, _now: Now) -> None:
        if self._due is None or self._request is None or not self._due.exists():
            return
        _log.info("the system was upgraded: the machine restarts")
        try:
            self._request.touch()
        except OSError as error:
            _log.error("the restart could not be asked for: %s", error)
