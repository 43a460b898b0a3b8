"""Questions to the desk about its rows, by its command ``inspect``."""

import subprocess
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec

from provisioning.demo.managed_process import ProcessFailed
from provisioning.demo.place import REPOSITORY


def field(name: str) -> dict[str, str]:
    """Return the value of another field of the same row, for ``where``."""
    return {"field": name}


class Inspector:
    """Asks one process, which starts with the first question and runs until ``close``: polls are quick."""

    def __init__(self, command: Sequence[str], environment: dict[str, str], log: Path) -> None:
        self._command, self._environment, self._log = command, environment, log
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None

    def rows(self, model: str, *fields: str, order: Sequence[str] = (), **where: Any) -> list[list[Any]]:
        """Return these fields of each row that ``where`` (Django lookups) finds. Raises ``ProcessFailed``."""
        question = {"model": model, "fields": fields, "where": where, "order": order}
        with self._lock:
            line = self._exchange(msgspec.json.encode(question) + b"\n")
        found = msgspec.json.decode(line) if line else {"error": f"it ended, see {self._log}"}
        if isinstance(found, dict):
            raise ProcessFailed(f"the desk could not answer {question}: {found['error']}")
        return list(found)

    def close(self) -> None:
        """End the process; calling it twice is safe."""
        with self._lock:
            process, self._process = self._process, None
        if process:
            process.terminate()
            process.communicate()

    def _exchange(self, question: bytes) -> bytes:
        if self._process is None:
            self._process = self._started()
        into, out_of = self._process.stdin, self._process.stdout
        if into is None or out_of is None:
            return b""
        try:
            into.write(question)
            into.flush()
            return out_of.readline()
        except BrokenPipeError:
            return b""

    def _started(self) -> subprocess.Popen[bytes]:
        self._log.parent.mkdir(parents=True, exist_ok=True)
        with self._log.open("ab") as log:
            return subprocess.Popen(
                self._command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                env=self._environment,
                cwd=REPOSITORY,
            )
