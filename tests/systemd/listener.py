"""A service manager's end of sd_notify(3), and the processes that report to it."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
PATIENCE_S = 15.0


class Listener:
    """What a service says, one line at a time, in order."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.bind(str(path))
        self._waiting: list[str] = []

    def close(self) -> None:
        self._socket.close()

    def hear(self, line: str, timeout_s: float = PATIENCE_S) -> str:
        """The first line that begins so; those before it do not count."""
        return self.hear_all(line, timeout_s)[-1]

    def hear_all(self, line: str, timeout_s: float = PATIENCE_S) -> list[str]:
        """Everything up to the first line that begins so, with it."""
        deadline, heard = time.monotonic() + timeout_s, []
        while (said := self._next(deadline - time.monotonic())) is not None:
            heard.append(said)
            if said.startswith(line):
                return heard
        raise AssertionError(f"nobody said {line!r} within {timeout_s} s")

    def hears_nothing_of(self, line: str, for_s: float) -> bool:
        """Whether nobody says it for so long, from now on."""
        self.forget()
        deadline = time.monotonic() + for_s
        while (said := self._next(deadline - time.monotonic())) is not None:
            if said.startswith(line):
                return False
        return True

    def forget(self) -> None:
        """What was said until now does not count."""
        while self._next(0.0) is not None:
            pass

    def _next(self, timeout_s: float) -> str | None:
        if not self._waiting:
            self._socket.settimeout(max(0.001, timeout_s))
            try:
                self._waiting = self._socket.recv(4096).decode().splitlines()
            except TimeoutError:
                return None
        return self._waiting.pop(0)


@contextmanager
def running(
    listener: Listener, *command: str, environment: Mapping[str, str] | None = None
) -> Iterator[subprocess.Popen[bytes]]:
    """One of our packages as systemd would start it; killed at the end."""
    process = subprocess.Popen(
        [sys.executable, "-m", *command],
        cwd=REPOSITORY,
        env={**os.environ, **(environment or {}), "NOTIFY_SOCKET": str(listener.path)},
        stderr=subprocess.DEVNULL,
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()
