"""Every port without its hardware: drivable and inspectable, from tests and from the command line."""

import contextlib
import json
import socketserver
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from hal.ports import ClockReading

BUTTONS = ("help",)


class SimulatedClock:
    """A clock in the test's hand."""

    def __init__(self, wall: datetime | None = None, *, trusted: bool = True) -> None:
        self._wall = wall or datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
        self._monotonic_s = 1000.0
        self.trusted = trusted

    def read(self) -> ClockReading:
        """The time that was set, plus what has been let pass."""
        return ClockReading(self._wall, self._monotonic_s, self.trusted)

    def advance(self, seconds: float) -> None:
        """Let time pass on every clock."""
        self._wall += timedelta(seconds=seconds)
        self._monotonic_s += seconds

    def jump(self, wall: datetime) -> None:
        """Set the wall clock, as NTP or a flat battery does; no time passes."""
        self._wall = wall


class SimulatedButtons:
    """Buttons pressed by a call. ``history`` holds the names, oldest first."""

    def __init__(self) -> None:
        self.history: list[str] = []
        self._pressed: Callable[[str], None] | None = None

    def listen(self, pressed: Callable[[str], None]) -> None:
        """Call ``pressed(name)`` for each press."""
        self._pressed = pressed

    def press(self, name: str) -> None:
        """As a finger would. Raises ``ValueError`` for a button that is not there."""
        if name not in BUTTONS:
            raise ValueError(f"there is no button '{name}'; there are: {', '.join(BUTTONS)}")
        self.history.append(name)
        if self._pressed:
            self._pressed(name)

    def close(self) -> None:
        """Stop listening."""
        self._pressed = None


class ControlServer:
    """Drives the simulated hardware over a Unix socket: a line of JSON in, a line of JSON out.

    ``{"press": "help"}`` presses a button; ``{"history": "buttons"}`` lists what was pressed.
    """

    def __init__(self, path: Path, buttons: SimulatedButtons) -> None:
        self._path = path
        path.unlink(missing_ok=True)
        path.parent.mkdir(parents=True, exist_ok=True)

        class Handler(socketserver.StreamRequestHandler):
            def handle(self) -> None:
                answer = _answer(self.rfile.readline(4096), buttons)
                with contextlib.suppress(BrokenPipeError):
                    self.wfile.write(json.dumps(answer).encode() + b"\n")

        self._server = socketserver.ThreadingUnixStreamServer(str(path), Handler)
        path.chmod(0o600)
        threading.Thread(target=self._server.serve_forever, daemon=True, name="simulated-hardware").start()

    def close(self) -> None:
        """Take the socket away."""
        self._server.shutdown()
        self._server.server_close()
        self._path.unlink(missing_ok=True)


def _answer(line: bytes, buttons: SimulatedButtons) -> dict[str, Any]:
    try:
        match json.loads(line):
            case {"press": str(name)}:
                buttons.press(name)
                return {"ok": True, "pressed": name}
            case {"history": "buttons"}:
                return {"ok": True, "history": buttons.history}
    except ValueError as error:
        return {"ok": False, "error": str(error)}
    return {"ok": False, "error": 'expected {"press": name} or {"history": "buttons"}'}
