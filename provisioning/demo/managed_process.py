"""One program of the system: started, supervised and restarted, as systemd would."""

import contextlib
import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path

RESTART_S = 0.5
POLL_S = 0.05
TAIL_LINES = 15


class ProcessFailed(Exception):
    """A program did not start or did not become ready; the text ends with the end of its log."""


class ManagedProcess:
    """A program with its log file. It dies with this process, even when that is killed."""

    def __init__(
        self,
        name: str,
        command: Sequence[str],
        *,
        log: Path,
        environment: dict[str, str] | None = None,
        restarts: bool = True,
    ) -> None:
        self.name = name
        self.command = tuple(command)
        self.log = log
        self.environment = environment
        self.restarts = restarts
        self.starts = 0
        self.pass_fds: tuple[int, ...] = ()
        self._expected_starts = 1
        self._process: subprocess.Popen[bytes] | None = None
        self._wanted = threading.Event()
        self._ended = threading.Event()
        self._watcher: threading.Thread | None = None
        self._lock = threading.Lock()

    @property
    def pid(self) -> int | None:
        """Return the id of the current process."""
        with self._lock:
            running = self._process is not None and self._process.poll() is None
            return self._process.pid if self._process and running else None

    def start(self) -> None:
        """Start the program and return at once; no effect if it is already started."""
        if self._wanted.is_set():
            return
        self.log.parent.mkdir(parents=True, exist_ok=True)
        self.log.touch()
        self.starts, self._expected_starts = 0, 1
        self._ended.clear()
        self._wanted.set()
        self._watcher = threading.Thread(target=self._watch, name=f"watch {self.name}", daemon=True)
        self._watcher.start()

    def stop(self, number: signal.Signals = signal.SIGTERM, patience_s: float = 8.0) -> None:
        """Stop the program for good; after ``patience_s`` it is killed."""
        with self._lock:
            self._wanted.clear()
        self.send(number)
        if self._watcher and not self._ended.wait(patience_s):
            self.send(signal.SIGKILL)
            self._ended.wait()

    def kill(self) -> None:
        """Kill the process, as a crash would; a program that ``restarts`` is started again."""
        self._expected_starts = self.starts + 1
        self.send(signal.SIGKILL)

    def send(self, number: signal.Signals) -> None:
        """Send a signal to the process and its children, if it runs."""
        with self._lock:
            if self._process and self._process.poll() is None:
                os.killpg(self._process.pid, number)

    def wait_until(self, ready: Callable[[], bool], timeout_s: float = 90.0) -> None:
        """Wait until the program, after ``kill`` its new process, is ready.

        Raises ``ProcessFailed`` as soon as it ends by itself instead.
        """
        deadline = time.monotonic() + timeout_s
        starts = max(self.starts, self._expected_starts)
        while self.starts < self._expected_starts or not ready():
            if self.starts > starts or self._ended.is_set():
                raise ProcessFailed(f"{self.name} ended at once. {self._tail()}")
            if time.monotonic() > deadline:
                raise ProcessFailed(f"{self.name} was not ready within {timeout_s:.0f} s. {self._tail()}")
            time.sleep(POLL_S)

    def _watch(self) -> None:
        # The kernel's death signal is tied to the thread that starts the child: this one outlives it.
        while process := self._spawn():
            process.wait()
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(process.pid, signal.SIGKILL)
            if not self.restarts:
                break
            self._pause()
        self._ended.set()

    def _spawn(self) -> subprocess.Popen[bytes] | None:
        """Start the program, unless it was stopped meanwhile."""
        with self._lock:
            return self._start_process() if self._wanted.is_set() else None

    def _start_process(self) -> subprocess.Popen[bytes]:
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                ["setpriv", "--pdeathsig", "KILL", "--", *self.command],
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                process_group=0,
                pass_fds=self.pass_fds,
            )
            self.starts += 1
            return self._process

    def _pause(self) -> None:
        until = time.monotonic() + RESTART_S
        while self._wanted.is_set() and time.monotonic() < until:
            time.sleep(POLL_S)

    def _tail(self) -> str:
        try:
            lines = self.log.read_text(encoding="utf-8", errors="replace").splitlines()
        except OSError:
            lines = []
        return "\n".join([f"The end of {self.log}:", *(f"    {line}" for line in lines[-TAIL_LINES:])])
