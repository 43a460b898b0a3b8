"""A root shell inside an emulated tablet, over a serial port of the emulator's."""

import socket
import time
import uuid
from pathlib import Path

ANSWER_S = 120.0
AGAIN_S = 10.0


class ShellFailed(Exception):
    """The command ended with another status than 0, or nothing answers."""


class Shell:
    """``socket`` is the emulator's end of the serial port."""

    def __init__(self, socket: Path) -> None:
        self.socket = socket

    def run(self, command: str) -> str:
        """What the command prints, without white space around it. Raises ``ShellFailed``."""
        with socket.socket(socket.AF_UNIX) as line:
            line.connect(str(self.socket))
            line.settimeout(1.0)
            self._ask(line, "true", may_repeat=True)
            return self._ask(line, command, may_repeat=False)

    def read(self, command: str) -> str:
        """As ``run``, for a command that changes nothing: it is repeated where no answer comes."""
        with socket.socket(socket.AF_UNIX) as line:
            line.connect(str(self.socket))
            line.settimeout(1.0)
            return self._ask(line, command, may_repeat=True)

    def _ask(self, line: socket.socket, command: str, *, may_repeat: bool) -> str:
        """A shell ends with the connection before, and takes what comes just then with it."""
        begin, end = (uuid.uuid4().hex for _ in range(2))
        request = f"echo {begin}; {command}; echo {end} $?\n".encode()
        heard, deadline, again = "", time.monotonic() + ANSWER_S, 0.0
        while time.monotonic() < deadline:
            if time.monotonic() > again and (may_repeat or not again):
                line.sendall(request)
                again = time.monotonic() + AGAIN_S
            try:
                heard += line.recv(4096).decode(errors="replace")
            except TimeoutError:
                continue
            printed, found, status = heard.partition(f"{begin}\n")[2].partition(f"{end} ")
            if found and "\n" in status:
                if status.split()[0] != "0":
                    raise ShellFailed(f"{command}: {printed[-500:]}")
                return printed.strip()
        raise ShellFailed(f"no answer to {command!r}: {heard[-500:]}")
