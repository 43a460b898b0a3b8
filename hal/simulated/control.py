"""The Unix socket through which simulated hardware is controlled from outside."""

import contextlib
import json
import socket
import socketserver
import threading
from functools import partial
from pathlib import Path

from hal.ports import Hardware
from hal.simulated.buttons import SimulatedButtons
from hal.simulated.commands import answer
from hal.simulated.hardware import SimulatedHardware

_LONGEST_LINE = 65536
# ``close`` wakes the server, so it need not poll.
_POLL_S = 60.0


class ControlServer:
    """A Unix socket for its own user: one line of JSON per request and response.

    ``{"press": "help"}`` presses a button, ``{"history": "buttons"}`` lists what was pressed; an unknown
    command is answered with the list of known ones. Components that are not simulated are not affected.
    """

    def __init__(self, path: Path, hardware: Hardware | SimulatedButtons) -> None:
        self._path = path
        path.unlink(missing_ok=True)
        path.parent.mkdir(parents=True, exist_ok=True)
        whole = SimulatedHardware.make(hardware) if isinstance(hardware, SimulatedButtons) else hardware

        class Handler(socketserver.StreamRequestHandler):
            def handle(self) -> None:
                while line := self.rfile.readline(_LONGEST_LINE):
                    with contextlib.suppress(BrokenPipeError):
                        self.wfile.write(json.dumps(answer(line, whole)).encode() + b"\n")

        self._server = socketserver.ThreadingUnixStreamServer(str(path), Handler)
        self._server.daemon_threads = True
        path.chmod(0o600)
        serve = partial(self._server.serve_forever, poll_interval=_POLL_S)
        threading.Thread(target=serve, daemon=True, name="simulated-hardware").start()

    def close(self) -> None:
        """Stop the server and remove the socket."""
        ending = threading.Thread(target=self._server.shutdown, daemon=True)
        ending.start()
        # The server sleeps until a client connects: connect until it has seen that it should stop.
        while ending.is_alive():
            with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX) as caller:
                caller.connect(str(self._path))
            ending.join(0.01)
        self._server.server_close()
        self._path.unlink(missing_ok=True)
