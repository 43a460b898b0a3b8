"""A part comes back when it crashes, and never outlives the one who started it."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from provisioning.demo.managed_process import ManagedProcess, ProcessFailed
from tests.demo.processes import command, descendants, runs, until

# Writes its own id and that of a child of its own, then waits.
PROGRAM = """
import os, subprocess, sys, time
child = subprocess.Popen(["sleep", "600"])
print(os.getpid(), child.pid, flush=True)
time.sleep(600)
"""


@pytest.fixture
def part(tmp_path: Path) -> Iterator[ManagedProcess]:
    """A part that has started, with a child process."""
    part = ManagedProcess("the sleeper", [sys.executable, "-c", PROGRAM], log=tmp_path / "log")
    part.start()
    until(lambda: len(pids(part)) == 2)
    yield part
    part.stop()


def pids(part: ManagedProcess) -> list[int]:
    """All process ids that the part has written so far."""
    return [int(word) for word in part.log.read_text(encoding="utf-8").split()]


def test_killed_part_comes_back(part: ManagedProcess) -> None:
    """As under systemd's Restart=always; what it had started is gone."""
    _, child = pids(part)
    part.kill()
    until(lambda: len(pids(part)) == 4)
    until(lambda: not runs(child))
    assert part.starts == 2


def test_stopped_part_stays_stopped_with_its_children(part: ManagedProcess) -> None:
    """Nothing that a part started is left."""
    part.stop()
    assert part.pid is None
    until(lambda: not any(map(runs, pids(part))))


def test_stopped_part_can_start_again(part: ManagedProcess) -> None:
    """A broker that was taken away comes back."""
    part.stop(signal.SIGKILL)
    part.start()
    until(lambda: len(pids(part)) == 4)
    assert part.pid in pids(part)


def test_part_that_ends_at_once_says_why(tmp_path: Path) -> None:
    """The end of its log is in the error; nobody has to go and look."""
    failing = ManagedProcess(
        "the failing part", [sys.executable, "-c", "raise SystemExit('no disk')"], log=tmp_path / "log"
    )
    failing.start()
    with pytest.raises(ProcessFailed, match="no disk"):
        failing.wait_until(lambda: False)
    failing.stop()


def test_part_that_is_never_ready_is_given_up(part: ManagedProcess) -> None:
    """With the time that was waited."""
    with pytest.raises(ProcessFailed, match="not ready within 0 s"):
        part.wait_until(lambda: False, timeout_s=0.1)


def test_killed_starter_takes_its_parts_along(tmp_path: Path) -> None:
    """Even SIGKILL leaves nothing behind: the kernel sees to it."""
    log = tmp_path / "log"
    starter = f"""
import pathlib, signal, sys
from provisioning.demo.managed_process import ManagedProcess
ManagedProcess("the sleeper", ["sleep", "600"], log=pathlib.Path({str(log)!r})).start()
signal.pause()
"""
    with subprocess.Popen([sys.executable, "-c", starter], cwd=Path(__file__).parents[2]) as process:
        until(lambda: [command(child) for child in descendants(process.pid)] == ["sleep"])
        (sleeper,) = descendants(process.pid)
        os.kill(process.pid, signal.SIGKILL)
    until(lambda: not runs(sleeper))
