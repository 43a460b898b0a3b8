"""A command of the desk in a process of its own."""

import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from tests.link.waiting import eventually


class DeskProcess:
    """``python -m cloud`` with these arguments; what it says goes to ``log``."""

    def __init__(self, arguments: Sequence[str], log: Path, environment: Mapping[str, str]) -> None:
        self._log = log
        with log.open("wb") as stream:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "cloud", *arguments],
                env={**os.environ, **environment, "PYTHONUNBUFFERED": "1"},
                stdout=stream,
                stderr=subprocess.STDOUT,
            )

    def said(self) -> str:
        return self._log.read_text()

    def wait_for(self, words: str) -> None:
        """Waits until it has said this."""
        eventually(lambda: words in self.said() or self._process.poll() is not None, words, 30)
        assert words in self.said(), self.said()

    def end(self, how: signal.Signals = signal.SIGTERM) -> int:
        """Asks it to end, or ends it; its exit status."""
        if self._process.poll() is None:
            self._process.send_signal(how)
        return self._process.wait(timeout=15)

    def wait(self) -> int:
        """Waits until it ends by itself; its exit status."""
        return self._process.wait(timeout=30)
